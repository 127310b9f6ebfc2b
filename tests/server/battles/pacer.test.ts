import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Pacer } from '../../../server/battles/pacer.ts'
import { takeGraphemes } from '../../../server/battles/graphemes.ts'

interface Arrival {
  readonly side: 'a' | 'b'
  readonly atMs: number
  readonly text: string
}

interface Step {
  readonly atMs: number
  readonly a: number
  readonly b: number
}

/** Plays arrivals against a pacer with a release every 10 ms; returns what came out and when, in characters. */
function play(arrivals: Arrival[], holdMs = 60_000): { a: string; b: string; steps: Step[] } {
  const pacer = new Pacer({ holdMs })
  const left = [...arrivals].sort((first, second) => first.atMs - second.atMs)
  const lastAt = { a: -1, b: -1 }
  for (const { side, atMs } of left) lastAt[side] = Math.max(lastAt[side], atMs)
  const out = { a: '', b: '', steps: [] as Step[] }
  const completed = new Set<string>()
  for (let nowMs = 0; !pacer.done; nowMs += 10) {
    if (nowMs > 1_000_000) throw new Error('the pacer never finishes')
    while (left[0] && left[0].atMs <= nowMs) {
      const next = left.shift()
      if (next) pacer.push(next.side, next.text, nowMs)
    }
    for (const side of ['a', 'b'] as const) {
      if (lastAt[side] <= nowMs && !completed.has(side)) {
        completed.add(side)
        pacer.complete(side)
      }
    }
    const release = pacer.release(nowMs)
    if (!release) continue
    out.a += release.text.a
    out.b += release.text.b
    out.steps.push({ atMs: nowMs, a: release.text.a.length, b: release.text.b.length })
  }
  return out
}

function stream(
  side: 'a' | 'b',
  { tokens, everyMs, firstMs }: { tokens: number; everyMs: number; firstMs: number },
): Arrival[] {
  return Array.from({ length: tokens }, (_, index) => ({ side, atMs: firstMs + index * everyMs, text: 'word ' }))
}

describe('pacing two answers', () => {
  test('every character comes out once and in order, whatever arrives when', () => {
    const arrival = fc.record({
      side: fc.constantFrom('a' as const, 'b' as const),
      atMs: fc.nat(5_000),
      text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    })
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 60 }), fc.constantFrom(0, 300, 60_000), (arrivals, holdMs) => {
        const sorted = [...arrivals].sort((first, second) => first.atMs - second.atMs)
        const out = play(arrivals, holdMs)
        for (const side of ['a', 'b'] as const) {
          expect(out[side]).toBe(
            sorted
              .filter((one) => one.side === side)
              .map(({ text }) => text)
              .join(''),
          )
        }
      }),
    )
  })

  test('nothing is shown before both have begun, and then both grow alike', () => {
    const { steps } = play([
      ...stream('a', { tokens: 50, everyMs: 10, firstMs: 100 }),
      ...stream('b', { tokens: 50, everyMs: 100, firstMs: 2_000 }),
    ])
    expect(steps[0]?.atMs).toBeGreaterThanOrEqual(2_000)
    for (const step of steps) expect(step.a).toBe(step.b)
  })

  test('when the shorter answer has ended the longer one keeps the pace, whichever of them was the fast one', () => {
    const slow = { everyMs: 100, firstMs: 1_000 }
    const fast = { everyMs: 10, firstMs: 100 }
    const fastIsLonger = play([...stream('a', { tokens: 200, ...fast }), ...stream('b', { tokens: 100, ...slow })])
    const slowIsLonger = play([...stream('a', { tokens: 200, ...slow }), ...stream('b', { tokens: 100, ...fast })])
    const lasted = (steps: Step[]) => (steps.at(-1)?.atMs ?? 0) - (steps[0]?.atMs ?? 0)
    expect(lasted(fastIsLonger.steps) / lasted(slowIsLonger.steps)).toBeCloseTo(1, 1)
  })

  test('no character is held longer than the bound', () => {
    const { steps } = play(
      [
        ...stream('a', { tokens: 10, everyMs: 10, firstMs: 0 }),
        ...stream('b', { tokens: 1, everyMs: 1, firstMs: 20_000 }),
      ],
      3_000,
    )
    const firstOfA = steps.find((step) => step.a > 0)
    expect(firstOfA?.atMs).toBeLessThanOrEqual(3_010)
  })

  test('a long buffer never bursts out, however short the other answer was and however late it came', () => {
    const late = [{ side: 'a' as const, atMs: 5_000, text: 'Yes.' }]
    const { steps } = play([...late, ...stream('b', { tokens: 800, everyMs: 2, firstMs: 100 })])
    expect(Math.max(...steps.map(({ b }) => b))).toBeLessThan(20)
    const tail = steps.filter(({ a, b }) => a === 0 && b > 0)
    expect((tail.at(-1)?.atMs ?? 0) - (tail[0]?.atMs ?? 0)).toBeLessThan(45_000)
  })

  test('an answer of one character does not make the other one crawl', () => {
    const { steps } = play([
      { side: 'a', atMs: 300, text: '4' },
      ...stream('b', { tokens: 400, everyMs: 10, firstMs: 300 }),
    ])
    expect(steps.at(-1)?.atMs).toBeLessThan(12_000)
  })

  test('from the times alone nobody can tell which of two models is ten times faster', () => {
    const features = (steps: Step[]) => {
      const active = steps.filter((step) => step.a + step.b > 0)
      const half = active.findIndex((step) => step.a === 0 || step.b === 0)
      return { first: (active[0]?.a ?? 0) - (active[0]?.b ?? 0), parted: half < 0 ? 0 : 1 }
    }
    for (const tokens of [20, 60, 120]) {
      const fastA = play([
        ...stream('a', { tokens, everyMs: 5, firstMs: 50 }),
        ...stream('b', { tokens, everyMs: 50, firstMs: 500 }),
      ])
      const fastB = play([
        ...stream('b', { tokens, everyMs: 5, firstMs: 50 }),
        ...stream('a', { tokens, everyMs: 50, firstMs: 500 }),
      ])
      expect(features(fastA.steps)).toEqual(features(fastB.steps))
      expect(fastA.steps).toEqual(fastB.steps)
    }
  })
})

describe('cutting text', () => {
  test('a cut never falls inside a character', () => {
    expect(takeGraphemes('👩‍👩‍👧‍👦é🇷🇺x', 2)).toEqual({ taken: '👩‍👩‍👧‍👦é', rest: '🇷🇺x', graphemes: 2 })
  })

  test('what is taken and what is left make the whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, count) => {
        const { taken, rest, graphemes } = takeGraphemes(text, count)
        return taken + rest === text && graphemes <= count && taken.isWellFormed()
      }),
    )
  })
})
