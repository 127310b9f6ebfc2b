import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultQuery, FORMAT_NAMES, type FormatName } from '../../../server/exports/export-query.ts'
import { columnsOf } from '../../../server/exports/formats/formats.ts'
import { hasZstd } from '../../../server/exports/writers/compression.ts'
import type { FileLayout } from '../../../server/exports/writers/row-sink.ts'
import type { Row } from '../../../server/exports/columns.ts'
import { makeScratchFolder } from '../../support/scratch-folder.ts'
import { anyBattles } from './arbitrary-battles.ts'
import { aBattle, aTurn } from './battle-makers.ts'
import { exportRows } from './export-harness.ts'
import { toBytes } from './memory-target.ts'

const folder = makeScratchFolder()
let duck: DuckDBConnection
let files = 0

beforeAll(async () => {
  duck = await (await DuckDBInstance.create(':memory:')).connect()
})
afterAll(() => {
  duck.closeSync()
  folder.remove()
})

const HARD_TEXTS = [
  'Столица Франции — Париж. Ёжик ушёл.',
  '北京是中国的首都，人口两千万。',
  'مرحبا بالعالم ‏— שלום עולם',
  '👩‍👩‍👧‍👦🏳️‍🌈 e\u0301 \u{10FFFF}',
  '"quotes" \\ \t\r\n\u2028 <b>&amp;</b>',
  'ж'.repeat(1_000_000),
  'x',
]

/** Battles over texts that writers stumble over, one of a megabyte, in several turns. */
function hardBattles() {
  return HARD_TEXTS.map((text, index) =>
    aBattle({
      id: `b${index}`,
      source: index % 2 === 0 ? '' : 'import',
      turns: [aTurn(`${index}: ${text.slice(0, 200)}`, text, `${text}!`)],
    }),
  )
}

async function write(format: FormatName, rows: readonly Row[], layout: FileLayout): Promise<string> {
  files += 1
  const path = join(
    folder.path,
    `${format}-${files}.${layout.type}${layout.compression === 'gzip' && layout.type === 'jsonl' ? '.gz' : ''}`,
  )
  writeFileSync(path, await toBytes(columnsOf(defaultQuery(format)), rows, layout))
  return path
}

/** Rows as another implementation reads them, in plain JavaScript. */
async function readWithDuck(path: string): Promise<unknown[]> {
  const reader = path.includes('.jsonl')
    ? `read_json('${path}', format='newline_delimited', maximum_object_size=40000000, convert_strings_to_integers=false, timestampformat='none')`
    : `read_parquet('${path}')`
  const read = await duck.runAndReadAll(`SELECT to_json(t) AS row FROM ${reader} AS t`)
  return read.getRowObjectsJson().map(({ row }): unknown => JSON.parse(typeof row === 'string' ? row : ''))
}

/** Moments as DuckDB writes them. */
function asDuck(row: Row): unknown {
  return JSON.parse(
    JSON.stringify(row, (key, value: unknown) =>
      key === 'timestamp' && typeof value === 'number'
        ? new Date(value)
            .toISOString()
            .replace('T', ' ')
            .replace(/\.?0*Z$/, '+00')
        : value,
    ),
  )
}

describe.each(FORMAT_NAMES)('%s as Parquet', (format) => {
  test.each<FileLayout['compression']>(['none', 'snappy', 'gzip', ...(hasZstd() ? (['zstd'] as const) : [])])(
    'is read back by DuckDB text by text (%s)',
    async (compression) => {
      await duck.run("SET TimeZone = 'UTC'")
      const { rows } = await exportRows(format, hardBattles(), { maskPii: false })
      expect(rows.length).toBeGreaterThanOrEqual(HARD_TEXTS.length)
      const path = await write(format, rows, { type: 'parquet', compression })
      expect(await readWithDuck(path)).toEqual(rows.map(asDuck))
    },
  )

  test('is read back by hyparquet, with null where there is nothing', async () => {
    const { rows } = await exportRows(format, hardBattles().slice(0, 5), { maskPii: false })
    const path = await write(format, rows, { type: 'parquet', compression: 'snappy' })
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(path), compressors })
    expect(read.map((row) => plain(withNulls(row)))).toEqual(rows.map(plain))
  })

  test('of no rows is a file with its columns', async () => {
    const path = await write(format, [], { type: 'parquet', compression: 'snappy' })
    expect(await readWithDuck(path)).toEqual([])
    const described = await duck.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${path}')`)
    expect(described.getRowObjectsJson().map(({ column_name }) => column_name)).toEqual(
      columnsOf(defaultQuery(format)).map(({ name }) => name),
    )
  })
})

describe('Parquet', () => {
  test('any battles are read back by DuckDB as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBattles,
        fc.constantFrom('dpo', 'votes', 'battles', 'rank', 'kto'),
        async (battles, format) => {
          const { rows } = await exportRows(format, battles, { maskPii: false, ties: 'both', turns: 'each' })
          const path = await write(format, rows, { type: 'parquet', compression: 'snappy' })
          expect(await readWithDuck(path)).toEqual(rows.map(asDuck))
        },
      ),
      { numRuns: 40 },
    )
  }, 90_000)

  test('types are those of the interface: strings, INT32, DOUBLE, UTC milliseconds, three-level lists', async () => {
    const { rows } = await exportRows('votes', hardBattles().slice(0, 1))
    const path = await write('votes', rows, { type: 'parquet', compression: 'snappy' })
    const { schema } = await parquetMetadataAsync(await asyncBufferFromFile(path))
    const element = (name: string) => schema.find((one) => one.name === name)
    expect(element('schema_version')).toMatchObject({ type: 'INT32', repetition_type: 'REQUIRED' })
    expect(element('tstamp')).toMatchObject({ type: 'DOUBLE' })
    expect(element('timestamp')).toMatchObject({
      type: 'INT64',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    })
    expect(element('judge')).toMatchObject({ type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' })
    const at = schema.findIndex(({ name }) => name === 'categories')
    expect(schema.slice(at, at + 3)).toMatchObject([
      { name: 'categories', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'BYTE_ARRAY' },
    ])
  })

  test('rows are written in groups of at most 64 MiB', async () => {
    const heavy = 'text '.repeat(400_000)
    const battles = Array.from({ length: 24 }, (_, index) =>
      aBattle({ id: `b${index}`, turns: [aTurn(`Prompt ${index}`, heavy, `${heavy}!`)] }),
    )
    const { rows } = await exportRows('dpo', battles, { maskPii: false })
    const path = await write('dpo', rows, { type: 'parquet', compression: 'snappy' })
    const { row_groups: groups } = await parquetMetadataAsync(await asyncBufferFromFile(path))
    expect(groups.length).toBeGreaterThan(1)
    for (const { total_byte_size: size } of groups) expect(Number(size)).toBeLessThanOrEqual(64 << 20)
    expect(groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0)).toBe(24)
  })
})

describe.each(['dpo', 'kto', 'reward', 'openai', 'sft', 'rank', 'battles'] as const)('%s as JSONL', (format) => {
  test.each<FileLayout['compression']>(['none', 'gzip'])(
    'is read back by DuckDB text by text (%s)',
    async (compression) => {
      const { rows } = await exportRows(format, hardBattles(), { maskPii: false })
      const read = await readWithDuck(await write(format, rows, { type: 'jsonl', compression }))
      const written = rows.map((row): unknown =>
        JSON.parse(
          JSON.stringify(row, (key, value: unknown) =>
            key === 'timestamp' && typeof value === 'number' ? new Date(value).toISOString() : value,
          ),
        ),
      )
      expect(read).toEqual(written)
    },
  )
})

/** This reader says undefined of a list that is null. */
function withNulls(row: object): object {
  return Object.fromEntries(Object.entries(row).map(([name, value]: [string, unknown]) => [name, value ?? null]))
}

/** Without the difference between a Date and its number, a list and an array. */
function plain(row: object): unknown {
  return JSON.parse(
    JSON.stringify(row, (key, value: unknown) =>
      key === 'timestamp'
        ? new Date(String(isNaN(Number(value)) ? value : new Date(Number(value)).toISOString())).getTime()
        : value,
    ),
  )
}
