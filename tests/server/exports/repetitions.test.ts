import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HashIndex } from '../../../server/exports/hash-index.ts'
import { NearIndex } from '../../../server/exports/near-index.ts'
import { jaccard, normalisePrompt, toShingles } from '../../../server/exports/prompt-words.ts'
import { PromptSplits } from '../../../server/exports/prompt-splits.ts'
import { aBattle, aTurn } from './battle-makers.ts'
import { exportRows } from './export-harness.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const words =
  'a lake at dawn where two old herons wait for the first boat and nobody speaks about the long winter'.split(' ')
const longPrompt = words.join(' ')
/** One word of twenty changed at the end: 17 of 19 runs of three are shared. */
const nearPrompt = [...words.slice(0, -1), 'summer'].join(' ')
/** Changed in the middle: three runs of eighteen differ. */
const farPrompt = words.map((word, index) => (index % 5 === 2 ? `${word}x` : word)).join(' ')

describe('repetitions', () => {
  test('of equal texts the first in the log stays, in whatever form and with whatever space around', async () => {
    const battles = [
      aBattle({ id: 'b1', turns: [aTurn('Café?', 'Yes.', 'No.')] }),
      aBattle({ id: 'b2', turns: [aTurn(' Cafe\u0301?\n', 'Yes. ', '\tNo.')] }),
      aBattle({ id: 'b3', turns: [aTurn('Café?', 'No.', 'Yes.')] }),
    ]
    const { rows, summary } = await exportRows('dpo', battles)
    expect(rows).toMatchObject([{ meta: { battle_id: 'b1' } }, { meta: { battle_id: 'b3' } }])
    expect(summary.by_reason).toEqual({ duplicate: 1 })
    expect((await exportRows('dpo', battles, { dedup: 'none' })).summary.kept).toBe(3)
  })

  test('what moves from one text to the next makes another row', async () => {
    const battles = [
      aBattle({ id: 'b1', turns: [aTurn('ab', 'c', 'd')] }),
      aBattle({ id: 'b2', turns: [aTurn('a', 'bc', 'd')] }),
    ]
    expect((await exportRows('dpo', battles)).summary.kept).toBe(2)
  })

  test('nearly equal prompts are repetitions when the answers are equal, and only then', async () => {
    expect(jaccard(toShingles(longPrompt), toShingles(nearPrompt))).toBeGreaterThanOrEqual(0.8)
    expect(jaccard(toShingles(longPrompt), toShingles(farPrompt))).toBeLessThan(0.8)
    const battles = [
      aBattle({ id: 'b1', turns: [aTurn(longPrompt, 'Yes.', 'No.')] }),
      aBattle({ id: 'near', turns: [aTurn(nearPrompt, 'Yes.', 'No.')] }),
      aBattle({ id: 'other answers', turns: [aTurn(nearPrompt, 'Yes!', 'No.')] }),
      aBattle({ id: 'far', turns: [aTurn(farPrompt, 'Yes.', 'No.')] }),
      aBattle({ id: 'equal', turns: [aTurn(longPrompt, 'Yes.', 'No.')] }),
    ]
    const { rows, summary } = await exportRows('dpo', battles, { dedup: 'near' })
    expect(rows).toMatchObject(['b1', 'other answers', 'far'].map((id) => ({ meta: { battle_id: id } })))
    expect(summary.by_reason).toEqual({ duplicate: 1, near_duplicate: 1 })
  })
})

describe('words of a prompt', () => {
  test('case, marks, spaces and compatible forms do not tell prompts apart', () => {
    expect(normalisePrompt('  Ｈｅｌｌｏ,   WORLD!\n№ 5 ')).toBe('hello world no 5')
    expect(normalisePrompt('Ёлка — зелёная?')).toBe('ёлка зелёная')
  })

  test('scripts without spaces are read character by character', () => {
    expect(toShingles('北京是中国的首都')).toHaveLength(6)
    expect(jaccard(toShingles('北京是中国的首都吗'), toShingles('北京是中国的首都'))).toBeCloseTo(6 / 7, 10)
  })

  test('a text shorter than three words, or without any, is known as a whole', () => {
    expect(jaccard(toShingles('Hello there'), toShingles('hello, there!'))).toBe(1)
    expect(jaccard(toShingles('Hello'), toShingles('Hullo'))).toBe(0)
    expect(jaccard(toShingles('???'), toShingles('!!!'))).toBe(0)
    expect(jaccard(toShingles('???'), toShingles('???'))).toBe(1)
  })
})

describe('the index of near texts', () => {
  test('finds every earlier text at 0.8 or more among thousands, and none below', () => {
    const index = new NearIndex()
    const random = mulberry(7)
    const texts: string[] = []
    const sets: Uint32Array[] = []
    let expected = 0
    let found = 0
    for (let number = 0; number < 1500; number += 1) {
      const text =
        number % 3 === 2 ? changeWord(texts[Math.floor(random() * texts.length)] ?? '', random) : sentence(random)
      const set = toShingles(text)
      const near = sets.flatMap((earlier, at) => (jaccard(earlier, set) >= 0.8 ? [at] : []))
      const hits: number[] = []
      index.add(text, { isSettled: () => false, onNear: (entry) => hits.push(entry) })
      expect(near).toEqual(expect.arrayContaining(hits))
      expected += near.length
      found += hits.length
      texts.push(text)
      sets.push(set)
    }
    index.close()
    expect(expected).toBeGreaterThan(300)
    // One in 2,700 of those exactly at the threshold may be missed.
    expect(found / expected).toBeGreaterThan(0.995)
  })
})

test('thousands of prompts made from one pattern are dealt as one group, without each meeting all others', () => {
  const dealt = new PromptSplits({
    splits: [
      { name: 'train', share: 0.5 },
      { name: 'test', share: 0.5 },
    ],
    seed: 1,
  })
  const prompts = Array.from({ length: 20_000 }, (_, number) => `${longPrompt} and ${longPrompt} case ${number}`)
  for (const prompt of prompts) dealt.take(prompt)
  expect(new Set(prompts.map((prompt) => dealt.splitOf(prompt))).size).toBe(1)
  dealt.close()
})

describe('splits', () => {
  const splits = [
    { name: 'train', share: 0.6 },
    { name: 'test', share: 0.3 },
    { name: 'validation', share: 0.1 },
  ]

  test('a prompt goes where the hash of seed and prompt says', () => {
    const dealt = new PromptSplits({ splits, seed: 3 })
    for (let number = 0; number < 300; number += 1) {
      const prompt = `Prompt number ${number}!`
      dealt.take(prompt)
      const draw = Number(BigInt(`0x${sha256(`3\nprompt number ${number}`).slice(0, 16)}`)) / 2 ** 64
      expect(dealt.splitOf(prompt)).toBe(draw < 0.6 ? 'train' : draw < 0.9 ? 'test' : 'validation')
    }
    dealt.close()
  })

  test('prompts near each other, also through a later one, go where the earliest goes', () => {
    const middle = [...words]
    const left = ['one', ...words.slice(1)].join(' ')
    const right = [...words.slice(0, -1), 'end'].join(' ')
    for (let seed = 0; seed < 40; seed += 1) {
      const dealt = new PromptSplits({ splits, seed })
      for (const prompt of [left, right, middle.join(' ')]) dealt.take(prompt)
      const draw = Number(BigInt(`0x${sha256(`${seed}\n${left}`).slice(0, 16)}`)) / 2 ** 64
      const expected = draw < 0.6 ? 'train' : draw < 0.9 ? 'test' : 'validation'
      expect([left, right, middle.join(' ')].map((prompt) => dealt.splitOf(prompt))).toEqual([
        expected,
        expected,
        expected,
      ])
      dealt.close()
    }
  })

  test('no prompt and no near prompt crosses from one file to another', async () => {
    const random = mulberry(11)
    const prompts: string[] = []
    for (let number = 0; number < 400; number += 1) {
      prompts.push(
        number % 2 === 1 ? changeWord(prompts[Math.floor(random() * prompts.length)] ?? '', random) : sentence(random),
      )
    }
    const battles = prompts.map((prompt, number) =>
      aBattle({ id: `b${number}`, turns: [aTurn(prompt, `Yes ${number}.`, `No ${number}.`)] }),
    )
    for (const format of ['dpo', 'kto', 'rank', 'votes'] as const) {
      const { bySplit, summary } = await exportRows(format, battles, { splits, seed: 1 })
      const promptsIn = [...bySplit.values()].map((rows) =>
        rows.map(
          (row) =>
            JSON.stringify(row.prompt ?? row.context ?? row.conversation_a).match(/"content":"([^"]*)"/)?.[1] ?? '',
        ),
      )
      expect(promptsIn.every((list) => list.length > 0)).toBe(true)
      expect(Object.values(summary.splits).reduce((sum, rows) => sum + rows, 0)).toBe(summary.rows)
      for (const [at, list] of promptsIn.entries()) {
        const others = promptsIn.toSpliced(at, 1).flat().map(toShingles)
        for (const prompt of list) {
          const set = toShingles(prompt)
          expect(others.some((other) => jaccard(set, other) >= 0.8)).toBe(false)
        }
      }
    }
  })
})

test('texts are numbered in the order in which they are first seen', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 4000 }), (values) => {
      const index = new HashIndex()
      const expected = new Map<number, number>()
      for (const value of values) {
        const isNew = !expected.has(value)
        if (isNew) expected.set(value, expected.size)
        expect(index.add(sha256(String(value)))).toEqual({ number: expected.get(value), isNew })
      }
      expect(index.size).toBe(expected.size)
      for (const [value, number] of expected) expect(index.find(sha256(String(value)))).toBe(number)
      expect(index.find(sha256('never added'))).toBeUndefined()
    }),
    { numRuns: 20 },
  )
})

/** Mulberry32, so that the same texts are made every time. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function sentence(random: () => number): string {
  return Array.from({ length: 12 + Math.floor(random() * 30) }, () => `w${Math.floor(random() * 400)}`).join(' ')
}

function changeWord(text: string, random: () => number): string {
  const list = text.split(' ')
  return list.with(Math.floor(random() * list.length), 'changed').join(' ')
}
