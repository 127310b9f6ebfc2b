import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BOOLEAN,
  column,
  DOUBLE,
  FLOAT,
  INSTANT,
  INT,
  listOf,
  MESSAGES,
  nullable,
  STRING,
  structOf,
} from '../../../server/exports/columns.ts'
import { hasZstd } from '../../../server/exports/writers/compression.ts'
import { shield } from '../../../server/exports/writers/csv-row.ts'
import { toFloat } from '../../../server/exports/writers/json-row.ts'
import { toSafeFileName } from '../../../server/exports/writers/safe-file-name.ts'
import { anyText } from './arbitrary-battles.ts'
import { readCsv, unshield } from './csv-reader.ts'
import { toBytes } from './memory-target.ts'

const COLUMNS = [
  column('text', STRING),
  nullable('maybe', STRING),
  column('whole', INT),
  column('share', FLOAT),
  column('number', DOUBLE),
  column('yes', BOOLEAN),
  column('at', INSTANT),
  column('labels', listOf(STRING)),
  nullable('messages', MESSAGES),
  column('nested', structOf(column('a b', INT), nullable('"q"', STRING))),
]

const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true })
const anyRow = fc.record({
  text: anyText,
  maybe: fc.option<string, null>(anyText, { nil: null }),
  whole: fc.integer(),
  share: anyNumber,
  number: anyNumber,
  yes: fc.boolean(),
  at: fc.integer({ min: 0, max: 8e15 }),
  labels: fc.array(anyText, { maxLength: 3 }),
  messages: fc.option(
    fc.array(fc.record({ role: fc.constantFrom('user', 'assistant'), content: anyText }), { maxLength: 3 }),
  ),
  nested: fc.record({ 'a b': fc.integer(), '"q"': fc.option(anyText) }),
})

describe('JSONL', () => {
  test('every row is one line of valid JSON with the keys in order and the texts as they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 20 }), async (rows) => {
        const text = (await toBytes(COLUMNS, rows, { type: 'jsonl', compression: 'none' })).toString()
        const lines = text.split('\n')
        expect(lines.pop()).toBe('')
        const read: unknown[] = lines.map((line) => JSON.parse(line))
        expect(read).toEqual(rows.map((row) => ({ ...row, at: new Date(Number(row.at)).toISOString() })).map(minusZero))
        for (const line of read) expect(Object.keys(line ?? {})).toEqual(COLUMNS.map(({ name }) => name))
      }),
      { numRuns: 150 },
    )
  })

  test('gzip holds the same bytes, as one member without name and time', async () => {
    const rows = fc.sample(anyRow, { numRuns: 40, seed: 5 })
    const plain = await toBytes(COLUMNS, rows, { type: 'jsonl', compression: 'none' })
    const packed = await toBytes(COLUMNS, rows, { type: 'jsonl', compression: 'gzip' })
    expect(gunzipSync(packed).equals(plain)).toBe(true)
    expect([...packed.subarray(0, 8)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
    expect((await toBytes(COLUMNS, rows, { type: 'jsonl', compression: 'gzip' })).equals(packed)).toBe(true)
  })

  test('zstd holds the same bytes', async ({ skip }) => {
    skip(!hasZstd(), 'zstd needs Node 22.15 or later')
    const decompress: unknown = Reflect.get(await import('node:zlib'), 'zstdDecompressSync')
    if (typeof decompress !== 'function') throw new Error('what compresses can also decompress')
    const rows = fc.sample(anyRow, { numRuns: 40, seed: 6 })
    const plain = await toBytes(COLUMNS, rows, { type: 'jsonl', compression: 'none' })
    const packed = await toBytes(COLUMNS, rows, { type: 'jsonl', compression: 'zstd' })
    expect(Buffer.from(decompress(packed)).equals(plain)).toBe(true)
  })

  test('a row that is not of its declared shape is refused, not written', async () => {
    const layout = { type: 'jsonl', compression: 'none' } as const
    await expect(toBytes([column('text', STRING)], [{ text: null }], layout)).rejects.toThrow('cannot hold null')
    await expect(toBytes([column('share', FLOAT)], [{ share: Number.NaN }], layout)).rejects.toThrow('cannot hold')
    await expect(toBytes([column('text', STRING)], [{}], layout)).rejects.toThrow('cannot hold nothing')
  })

  test.each([
    [0, '0.0'],
    [1, '1.0'],
    [-3, '-3.0'],
    [0.5, '0.5'],
    [2 / 3, '0.6666666666666666'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
  ])('the float %s is written %s', (value, text) => {
    expect(toFloat(value)).toBe(text)
    expect(Number(text)).toBe(value)
  })
})

describe('CSV', () => {
  test('every cell reads back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 12 }), async (rows) => {
        const text = (await toBytes(COLUMNS, rows, { type: 'csv', compression: 'none' })).toString()
        const [header, ...read] = readCsv(text)
        expect(header).toEqual(COLUMNS.map(({ name }) => name))
        expect(read).toHaveLength(rows.length)
        for (const [index, row] of rows.entries()) {
          const cells = read[index] ?? []
          expect(unshield(cells[0] ?? '')).toBe(row.text)
          expect(cells[1] === null || cells[1] === undefined ? null : unshield(cells[1])).toBe(row.maybe)
          expect(Number(cells[2])).toBe(row.whole)
          expect(Number(cells[4])).toBe(minusZero({ number: row.number ?? 0 }).number)
          expect(cells[5]).toBe(row.yes === true ? 'true' : 'false')
          if (row.messages !== null) expect(JSON.parse(cells[8] ?? '')).toEqual(row.messages)
          expect(JSON.parse(cells[9] ?? '')).toEqual(row.nested)
        }
      }),
      { numRuns: 150 },
    )
  })

  test.each(['=1+1', '+1', '-1', '@A1', '\tx', '\rx', '\nx', '＝1', '＋1', '－1', '＠A1', "'x"])(
    'a spreadsheet shows %j as text',
    async (text) => {
      expect(shield(text)).toBe(`'${text}`)
      const csv = (await toBytes([column('t', STRING)], [{ t: text }], { type: 'csv', compression: 'none' })).toString()
      expect(csv).toBe(`t\r\n"'${text}"\r\n`)
      expect(unshield(readCsv(csv)[1]?.[0] ?? '')).toBe(text)
    },
  )

  test('no text cell can begin a formula, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(shield(text)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
        expect(unshield(shield(text))).toBe(text)
      }),
    )
  })

  test('null is an empty cell and an empty text is a quoted one; numbers are untouched', async () => {
    const columns = [nullable('a', STRING), column('b', STRING), column('n', INT), column('l', listOf(STRING))]
    const csv = await toBytes(columns, [{ a: null, b: '', n: -1, l: ['x', 'y'] }], { type: 'csv', compression: 'none' })
    expect(csv.toString()).toBe('a,b,n,l\r\n,"",-1,"x|y"\r\n')
  })
})

describe('file names out of titles', () => {
  test.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a-b-c-d-e-f-g-h-i-j'],
    ['CON', 'export-CON'],
    ['nul.txt', 'export-nul.txt'],
    ['-rf', 'rf'],
    ['.hidden', 'hidden'],
    ['Столица — Париж?', 'Столица-Париж'],
    ['a\0b\nc\u202ed', 'a-b-c-d'],
    ['///', 'export'],
    ['', 'export'],
    ['trailing. ', 'trailing'],
  ])('%j becomes %j', (title, name) => {
    expect(toSafeFileName(title)).toBe(name)
  })

  test('whatever the title, the name is short and harmless', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'grapheme', minLength: 200, maxLength: 400 })), (title) => {
        const name = toSafeFileName(title)
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(107)
        expect(name).toMatch(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u)
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|\.\.|[.]$/i)
      }),
    )
  })
})

/** JSON writes −0 as 0 where the number is told in its shortest form. */
function minusZero<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}
