import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BadLineError } from '../../../server/rank-file/bad-line.ts'
import { CsvVotes } from '../../../server/rank-file/csv-votes.ts'
import { JsonLineVotes } from '../../../server/rank-file/json-votes.ts'
import { NameTable } from '../../../server/rank-file/name-table.ts'
import { VoteRows } from '../../../server/rank-file/vote-rows.ts'

const wanted = { format: 'auto', cluster: 'auto', categories: true, style: false } as const

interface Row {
  model_a: string
  model_b: string
  winner: string
  judge: string
  category: string
  weight: string
  prompt: string
}

const names = fc.constantFrom(
  'owl',
  'fox',
  'cat',
  'модель',
  'm,1',
  'say "hi"',
  'two\nlines',
  "it's",
  'été',
  '模型',
  'a b',
)
const rows: fc.Arbitrary<Row[]> = fc.array(
  fc
    .record({
      model_a: names,
      model_b: names,
      winner: fc.constantFrom('model_a', 'model_b', 'tie', 'both_bad'),
      judge: fc.constantFrom('u1', 'u2', 'ünï', ''),
      category: fc.constantFrom('math', 'ru', ''),
      weight: fc.constantFrom('1', '0.5', '2e-1', '12.25', ''),
      prompt: fc.string({ maxLength: 12, unit: 'binary-ascii' }).map((text) => text.replaceAll('\r', ' ')),
    })
    .filter(({ model_a, model_b }) => model_a !== model_b),
  { minLength: 1, maxLength: 12 },
)
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 })

/** The text cut into pieces of these sizes, over and over. */
function pieces(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text)
  const parts: Buffer[] = []
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = cuts[k % cuts.length] ?? 1
    parts.push(bytes.subarray(at, at + size))
    at += size
  }
  return parts
}

function read(reader: 'csv' | 'json', parts: readonly Buffer[]): VoteRows {
  const votes = new VoteRows(wanted)
  const target = reader === 'csv' ? new CsvVotes(votes, wanted) : new JsonLineVotes(votes, wanted)
  // A reader may use its memory again, so what is kept of a chunk must be a copy.
  const memory = Buffer.alloc(64)
  for (const part of parts) {
    part.copy(memory)
    target.push(memory.subarray(0, part.length))
    memory.fill(0x21)
  }
  target.end(false)
  return votes
}

function understood(votes: VoteRows): unknown[] {
  const { start, category } = { start: votes.categoryStart, category: votes.category }
  return Array.from({ length: votes.length }, (_, v) => ({
    model_a: votes.models.nameOf(votes.a[v] ?? 0),
    model_b: votes.models.nameOf(votes.b[v] ?? 0),
    outcome: votes.outcome[v],
    judge: (votes.cluster[v] ?? -1) < 0 ? '' : votes.clusters.nameOf(votes.cluster[v] ?? 0),
    weight: votes.weight?.[v] ?? 1,
    category: Array.from(category.subarray(start[v], start[v + 1]), (id) => votes.categories.nameOf(id)).join('|'),
  }))
}

function meant(all: readonly Row[]): unknown[] {
  const codes = ['model_a', 'model_b', 'tie', 'both_bad']
  return all.map(({ model_a, model_b, winner, judge, weight, category }) => ({
    model_a,
    model_b,
    outcome: codes.indexOf(winner),
    judge,
    weight: weight === '' ? 1 : Number(weight),
    category,
  }))
}

describe('whatever the votes are called and however the bytes arrive', () => {
  test('a table is understood as it was meant', () => {
    fc.assert(
      fc.property(rows, sizes, fc.constantFrom('\n', '\r\n'), fc.boolean(), (all, cuts, end, ends) => {
        const cell = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
        const lines = all.map((row) => Object.values(row).map(cell).join(','))
        const text = [Object.keys(all[0] ?? {}).join(','), ...lines].join(end) + (ends ? end : '')
        expect(understood(read('csv', pieces(text, cuts)))).toEqual(meant(all))
      }),
      { numRuns: 300 },
    )
  })

  test('lines of JSON are understood as they were meant', () => {
    fc.assert(
      fc.property(rows, sizes, fc.boolean(), (all, cuts, ends) => {
        const lines = all.map((row) =>
          JSON.stringify({
            ...row,
            weight: row.weight === '' ? null : Number(row.weight),
            ...(row.category === '' ? {} : { list: [1, { a: 2 }] }),
          }),
        )
        expect(understood(read('json', pieces(lines.join('\n') + (ends ? '\n' : ''), cuts)))).toEqual(meant(all))
      }),
      { numRuns: 300 },
    )
  })

  test('damage anywhere is reported by line or leaves whole rows, never anything else', () => {
    fc.assert(
      fc.property(rows, fc.nat(), fc.nat(255), fc.constantFrom('csv', 'json'), (all, place, byte, reader) => {
        const text =
          reader === 'json'
            ? all.map((row) => JSON.stringify({ ...row, weight: 1 })).join('\n')
            : `${Object.keys(all[0] ?? {}).join(',')}\n${all
                .map((row) =>
                  Object.values(row)
                    .map((cell) => `"${cell.replaceAll('"', '""')}"`)
                    .join(','),
                )
                .join('\n')}`
        const bytes = Buffer.from(text)
        bytes[place % bytes.length] = byte
        try {
          const parts = Array.from({ length: Math.ceil(bytes.length / 50) }, (_, k) =>
            bytes.subarray(50 * k, 50 * k + 50),
          )
          const votes = read(reader, parts)
          expect(votes.length).toBeLessThanOrEqual(all.length + 1)
        } catch (error) {
          expect(error).toBeInstanceOf(BadLineError)
          expect((error as BadLineError).line).toBeGreaterThan(0)
        }
      }),
      { numRuns: 500 },
    )
  })
})

test('names are numbered in order of first sight, however many there are', () => {
  const table = new NameTable()
  const all = Array.from({ length: 20_000 }, (_, k) => `name ${k} ${'x'.repeat(k % 50)}`)
  all.forEach((name, k) => {
    const bytes = Buffer.from(`--${name}--`)
    expect(table.add(bytes, 2, bytes.length - 2)).toBe(k)
  })
  expect(table.size).toBe(20_000)
  all.forEach((name, k) => expect(table.addText(name)).toBe(k))
  expect(table.names()).toEqual(all)
})
