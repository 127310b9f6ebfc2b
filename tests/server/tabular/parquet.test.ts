import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeFiles } from './read-records.ts'

const files = makeFiles()
afterAll(() => files.remove())
let duck: DuckDBConnection
beforeAll(async () => {
  duck = await (await DuckDBInstance.create(':memory:')).connect()
})
afterAll(() => duck.closeSync())

async function writeParquet(query: string, name: string, options: string): Promise<string> {
  const path = join(files.folder, name)
  await duck.run(`COPY (${query}) TO '${path}' (FORMAT parquet${options})`)
  return path
}

const VOTES = `SELECT i AS question_id, 'model-' || (i % 7) AS model_a, CASE WHEN i % 3 = 0 THEN NULL ELSE 'tie' END AS winner,
    [{'role': 'user', 'content': 'сова 🦉 ' || i}, {'role': 'assistant', 'content': ''}] AS conversation_a,
    i::DOUBLE / 4 AS tstamp, TIMESTAMP_MS '2026-11-24 22:00:00.123' + to_seconds(i::INT) AS timestamp, i % 2 = 0 AS anony
  FROM range(1, 5001) t(i)`

function voteRow(n: number) {
  return {
    line: n,
    record: {
      question_id: n,
      model_a: `model-${n % 7}`,
      winner: n % 3 === 0 ? null : 'tie',
      conversation_a: [
        { role: 'user', content: `сова 🦉 ${n}` },
        { role: 'assistant', content: '' },
      ],
      tstamp: n / 4,
      timestamp: new Date(Date.UTC(2026, 10, 24, 22, 0, n, 123)),
      anony: n % 2 === 0,
    },
  }
}

describe('a Parquet file', () => {
  test.each([['uncompressed'], ['snappy'], ['gzip'], ['zstd'], ['brotli'], ['lz4_raw']])(
    'of another implementation, packed with %s, is read row by row',
    async (codec) => {
      const path = await writeParquet(VOTES, `${codec}.parquet`, `, COMPRESSION ${codec}, ROW_GROUP_SIZE 2048`)
      const found = await files.readFile(path)
      expect(found).toHaveLength(5_000)
      expect(found).toEqual(Array.from({ length: 5_000 }, (_, index) => voteRow(index + 1)))
    },
  )

  test('with the newer encodings is read as well', async () => {
    const path = await writeParquet(VOTES, 'v2.parquet', `, PARQUET_VERSION v2, ROW_GROUP_SIZE 2048`)
    expect((await files.readFile(path)).slice(-1)).toEqual([voteRow(5_000)])
  })

  test('gives moments of every precision as the same moments', async () => {
    const moment = '2026-11-24 22:00:00.123'
    const query = `SELECT TIMESTAMP_S '2026-11-24 22:00:00' AS s, TIMESTAMP_MS '${moment}' AS ms, TIMESTAMP '${moment}456' AS us,
      TIMESTAMP_NS '${moment}456789' AS ns, TIMESTAMPTZ '${moment}456+00' AS tz, DATE '2026-11-24' AS day`
    const [found] = await files.readFile(await writeParquet(query, 'moments.parquet', ''))
    const at = new Date('2026-11-24T22:00:00.123Z')
    expect(found).toMatchObject({ record: { ms: at, us: at, ns: at, tz: at, day: new Date('2026-11-24T00:00:00Z') } })
  })

  test('keeps the digits of numbers that are ids', async () => {
    const query = `SELECT 12345678901234567::BIGINT AS big, 42::BIGINT AS small, 18446744073709551615::UBIGINT AS huge`
    const found = await files.readFile(await writeParquet(query, 'ids.parquet', ''))
    expect(found).toEqual([{ line: 1, record: { big: '12345678901234567', small: 42, huge: '18446744073709551615' } }])
  })

  test('is decoded where it is wanted, and nowhere else', async () => {
    const path = await writeParquet(VOTES, 'wanted.parquet', '')
    const damaged = spoilColumn(path, 'conversation_a')
    const pickColumns = () => ['winner', 'model_a']
    const [found] = await files.readFile(damaged, { pickColumns })
    expect(found).toMatchObject({ line: 1, record: { model_a: 'model-1', winner: 'tie', conversation_a: undefined } })
    await expect(files.readFile(damaged)).rejects.toMatchObject({ name: 'BrokenFileError' })
  })

  test('with text that is no UTF-8 gives the bytes, so that nobody takes them for text', async () => {
    const bytes = new Uint8Array([0x6f, 0xff, 0x6c])
    const content = parquetWriteBuffer({ columnData: [{ name: 'bird', data: [bytes, bytes], type: 'BYTE_ARRAY' }] })
    const [found] = await files.read(new Uint8Array(content))
    expect(found && 'record' in found && found.record['bird']).toBeInstanceOf(Uint8Array)
  })

  test('with a column named like a property of every object has that column, and nothing else gets it', async () => {
    const query = `SELECT {'__proto__': {'x': 'y'}, 'constructor': 'y'} AS odd, 'z' AS "__proto__"`
    const [found] = await files.readFile(await writeParquet(query, 'odd.parquet', ''))
    const columns = found && 'record' in found ? Object.entries(found.record) : []
    expect(columns.map(([name]) => name)).toEqual(['odd', '__proto__'])
    expect(columns[1]?.[1]).toBe('z')
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  test('with moments of the oldest kind gives them', async () => {
    const day = Buffer.alloc(12)
    day.writeBigUInt64LE(79_200_123_000_000n, 0)
    // Days since the beginning of the Julian calendar.
    day.writeUInt32LE(2_440_588 + Math.floor(Date.UTC(2026, 10, 24) / 86_400_000), 8)
    const schema = [
      { name: 'root', num_children: 1 },
      { name: 'at', type: 'FIXED_LEN_BYTE_ARRAY' as const, type_length: 12, repetition_type: 'REQUIRED' as const },
    ]
    const bytes = Buffer.from(parquetWriteBuffer({ schema, columnData: [{ name: 'at', data: [new Uint8Array(day)] }] }))
    // Twelve bytes of a fixed length are stored like such a moment; only the name of the type differs.
    const footer = bytes.subarray(bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8))
    for (let at = footer.indexOf(FIXED_LENGTH); at >= 0; at = footer.indexOf(FIXED_LENGTH, at + 1))
      footer.writeUInt8(6, at + 1)
    expect(await files.read(bytes)).toEqual([{ line: 1, record: { at: new Date('2026-11-24T22:00:00.123Z') } }])
  })

  test('without rows, and without wanted columns, gives none', async () => {
    expect(await files.readFile(await writeParquet('SELECT 1 AS a WHERE false', 'empty.parquet', ''))).toEqual([])
    const path = await writeParquet('SELECT 1 AS a', 'unwanted.parquet', '')
    expect(await files.readFile(path, { pickColumns: () => [] })).toEqual([])
  })

  test('that is cut is refused', async () => {
    const whole = readFileSync(await writeParquet(VOTES, 'whole.parquet', ''))
    for (const length of [5, 11, 1_000, whole.length - 1]) {
      await expect(files.read(whole.subarray(0, length))).rejects.toMatchObject({ name: 'BrokenFileError' })
    }
  })

  test('that lies about its rows is refused', async () => {
    const whole = readFileSync(await writeParquet('SELECT i FROM range(100) t(i)', 'rows.parquet', ''))
    await expect(files.read(spoilFooter(whole))).rejects.toMatchObject({ name: 'BrokenFileError' })
  })

  test('damaged anywhere it is read or refused, and the reader lives on', async () => {
    const small = readFileSync(await writeParquet(VOTES.replace('5001', '40'), 'small.parquet', ', COMPRESSION zstd'))
    const damages = fc.array(fc.record({ at: fc.nat(small.length - 1), value: fc.nat(255) }), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(damages, async (spoilt) => {
        const bytes = Buffer.from(small)
        for (const { at, value } of spoilt) bytes.writeUInt8(value, at)
        const outcome = await files.read(bytes).then(
          () => 'read',
          (error: unknown) => (error instanceof Error ? error.name : 'thrown'),
        )
        expect(['read', 'BrokenFileError']).toContain(outcome)
      }),
      { numRuns: 12, endOnFailure: true },
    )
  }, 120_000)
})

/** The type in a footer: field 1, the seventh kind. */
const FIXED_LENGTH = Buffer.from([0x15, 0x0e])

/** Overwrites the pages of a column with noise. */
function spoilColumn(path: string, column: string): string {
  const bytes = readFileSync(path)
  const texts = bytes.indexOf('сова')
  expect(texts).toBeGreaterThan(0)
  const name = bytes.lastIndexOf(column)
  expect(name).toBeGreaterThan(texts)
  bytes.fill(0xff, texts - 60, texts + 400)
  return files.put(bytes)
}

/** Makes every small number of the footer a larger one. */
function spoilFooter(whole: Buffer): Buffer {
  const bytes = Buffer.from(whole)
  const length = bytes.readUInt32LE(bytes.length - 8)
  // 100 rows are written as the zigzag varint 200, 1.
  const footer = bytes.subarray(bytes.length - 8 - length)
  const at = footer.indexOf(Buffer.from([0xc8, 0x01]))
  expect(at).toBeGreaterThan(0)
  footer.writeUInt8(0xca, at)
  return bytes
}
