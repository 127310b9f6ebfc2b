import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCsv } from '../../../server/tabular/csv-file.ts'
import { readJsonArray } from '../../../server/tabular/json-array.ts'
import { readJsonLines } from '../../../server/tabular/json-lines.ts'
import { collect, inPieces, LIMIT } from './read-records.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 30 })
/** What stands between records and cells, and what only looks like it. */
const tricky = fc.constantFrom(
  '\n',
  '\r\n',
  '\r',
  '"',
  '""',
  ',',
  ';',
  '\t',
  '\\',
  '\\"',
  ']',
  '}',
  '[',
  '{',
  '\u2028',
  '\uFEFF',
  "'",
  '',
)
const anyText = fc.array(fc.oneof(text, tricky), { maxLength: 5 }).map((parts) => parts.join(''))
const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })

type Records = Record<string, unknown>[]
const jsonRecords: fc.Arbitrary<Records> = fc.array(
  fc.dictionary(
    anyText,
    fc.oneof(
      anyText,
      fc.jsonValue({ maxDepth: 3 }).map((value) => value),
    ),
    { maxKeys: 4 },
  ),
  { maxLength: 8 },
)

const options = { maxRecordBytes: LIMIT }
const sourceOf = (content: string, lengths: readonly number[]) => ({
  chunks: inPieces(Buffer.from(content), lengths),
  isCut: () => false,
})
/** As JSON keeps it, -0 being 0; whole numbers that other programs would write with other digits are text. */
const asJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    typeof inner === 'number' && !Number.isSafeInteger(inner) && /^-?\d+$/.test(String(inner)) ? String(inner) : inner,
  )

describe('whatever the records say and wherever the file is cut into pieces', () => {
  test('lines are read as they were written, each with its number', async () => {
    await fc.assert(
      fc.asyncProperty(jsonRecords, pieces, fc.constantFrom('\n', '\r\n', '\n\n'), async (records, lengths, end) => {
        const content = records.map((record) => JSON.stringify(record) + end).join('')
        const expected = records.map((record, index) => ({
          line: index * (end === '\n\n' ? 2 : 1) + 1,
          record: asJson(record),
        }))
        expect(await collect(readJsonLines(sourceOf(content, lengths), options))).toEqual(expected)
      }),
    )
  })

  test('elements are read as they were written, each with its number', async () => {
    await fc.assert(
      fc.asyncProperty(jsonRecords, pieces, fc.nat(4), async (records, lengths, indent) => {
        const expected = records.map((record, index) => ({ line: index + 1, record: asJson(record) }))
        const content = JSON.stringify(records, null, indent)
        expect(await collect(readJsonArray(sourceOf(content, lengths), options))).toEqual(expected)
      }),
    )
  })

  test('cells are read as they were written, each row with the line where it begins', async () => {
    const row = fc.array(fc.oneof(anyText, fc.constant(null)), { minLength: 3, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 8 }),
        pieces,
        fc.constantFrom('\n', '\r\n'),
        async (rows, lengths, end) => {
          const quote = (cell: string | null) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)
          let line = 2
          const expected = rows.map((cells) => {
            const at = line
            line += 1 + cells.join('').split('\n').length - 1
            return { line: at, record: { a: cells[0], b: cells[1], c: cells[2] } }
          })
          const content = `a,b,c${end}${rows.map((cells) => cells.map(quote).join(',') + end).join('')}`
          expect(await collect(readCsv(sourceOf(content, lengths), options))).toEqual(expected)
        },
      ),
    )
  })

  test('noise is told from records, and never read beyond its end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(tricky, text), { maxLength: 20 }), pieces, async (parts, lengths) => {
        const content = parts.join('')
        for (const read of [readJsonLines, readJsonArray]) {
          const found = await collect(read(sourceOf(content, lengths), options))
          const lines = found.map(({ line }) => line)
          expect(lines).toEqual(lines.toSorted((one, other) => one - other))
        }
      }),
    )
  })
})
