import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { ExportPage, ExportPageRequest, VotedBattle } from '../../../db/export-source.ts'
import { parseExportArguments } from '../../../server/exports/export-arguments.ts'
import { defaultQuery, EVERYTHING } from '../../../server/exports/export-query.ts'
import { ExportService } from '../../../server/exports/export-service.ts'
import { hasZstd } from '../../../server/exports/writers/compression.ts'
import { makeScratchFolder } from '../../support/scratch-folder.ts'
import { aBattle, aTurn, votesFor } from './battle-makers.ts'
import { closedStream, run } from './command-line.ts'
import { MemorySource } from './memory-source.ts'

const scratch = makeScratchFolder()
afterAll(() => scratch.remove())

const models = [
  { name: 'owl', organization: 'Aviary', license: 'MIT' },
  { name: 'fox', organization: null, license: 'Apache-2.0' },
]
const sourceOf = (count = 5) =>
  new MemorySource(
    Array.from({ length: count }, (_, index) =>
      aBattle({ id: `b${index}`, turns: [aTurn(`Prompt ${index}?`, `Yes ${index}.`, `No ${index}.`)] }),
    ),
    { models, pageItems: 2 },
  )

let folder = ''
let count = 0
beforeEach(() => {
  count += 1
  folder = join(scratch.path, `case-${count}`)
  mkdirSync(folder)
})

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

describe('where rows go', () => {
  test('without an output rows go to standard output and the summary to the other stream', async () => {
    const { code, stdout, stderr } = await run(sourceOf(), ['dpo', '--json'])
    expect(code).toBe(0)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).meta.battle_id),
    ).toEqual(['b0', 'b1', 'b2', 'b3', 'b4'])
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      '{"format":"dpo","units":5,"kept":5,"dropped":0,"rows":5,"by_reason":{},"splits":{"train":5},"masked":{},"files":{},"dry_run":false}',
    )
  })

  test('with a file the summary goes to standard output and names its hash', async () => {
    const file = join(folder, 'pairs.jsonl.gz')
    const { code, stdout, stderr } = await run(sourceOf(), ['dpo', '--output', file, '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ rows: 5, files: { [file]: sha256(file) } })
    expect(gunzipSync(readFileSync(file)).toString().split('\n')).toHaveLength(6)
    expect(readdirSync(folder)).toEqual(['pairs.jsonl.gz'])
  })

  test('a folder gets a file for each split, a card and a manifest', async () => {
    const argv = ['llamafactory', '--output', `${folder}/out/`, '--split', 'train=0.5,test=0.5', '--json']
    const { code, stdout } = await run(sourceOf(40), argv)
    expect(code).toBe(0)
    const out = join(folder, 'out')
    expect(readdirSync(out).toSorted()).toEqual([
      'LICENSE.md',
      'README.md',
      'data',
      'dataset_info.json',
      'manifest.json',
    ])
    expect(readdirSync(join(out, 'data')).toSorted()).toEqual(['test.jsonl', 'train.jsonl'])
    const summary = JSON.parse(stdout)
    expect(Object.keys(summary.files)).toEqual(['data/train.jsonl', 'data/test.jsonl'])
    for (const [name, hash] of Object.entries(summary.files)) expect(sha256(join(out, name))).toBe(hash)
    expect(summary.splits.train + summary.splits.test).toBe(40)
    expect(Math.min(summary.splits.train, summary.splits.test)).toBeGreaterThan(5)
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({
      ringside: '1.2.3',
      log: { entries: 40 },
      counts: { format: 'llamafactory', rows: 40 },
    })
    expect(Object.keys(manifest.files).toSorted()).toEqual([
      'LICENSE.md',
      'README.md',
      'data/test.jsonl',
      'data/train.jsonl',
      'dataset_info.json',
    ])
    for (const [name, hash] of Object.entries(manifest.files)) expect(sha256(join(out, name))).toBe(hash)
    expect(JSON.parse(readFileSync(join(out, 'dataset_info.json'), 'utf8'))).toEqual({
      ringside_train: {
        file_name: 'data/train.jsonl',
        formatting: 'sharegpt',
        ranking: true,
        columns: { messages: 'conversations', chosen: 'chosen', rejected: 'rejected', system: 'system' },
      },
      ringside_test: expect.objectContaining({ file_name: 'data/test.jsonl' }),
    })
  })

  test('a folder that exists needs no slash', async () => {
    expect((await run(sourceOf(), ['dpo', '--output', folder])).code).toBe(0)
    expect(existsSync(join(folder, 'data', 'train.jsonl'))).toBe(true)
  })

  test('the same log gives the same bytes, every time', async () => {
    for (const name of ['one', 'two'])
      await run(sourceOf(30), ['kto', '--output', join(folder, name, '/'), '--type', 'parquet'])
    for (const file of ['data/train.parquet', 'README.md', 'manifest.json']) {
      expect(sha256(join(folder, 'one', file))).toBe(sha256(join(folder, 'two', file)))
    }
  })

  test.each([
    ['a.parquet', 'parquet', 'snappy'],
    ['a.csv', 'csv', 'none'],
    ['a.CSV.GZ', 'csv', 'gzip'],
    ['a.jsonl', 'jsonl', 'none'],
    ['a.gz', 'jsonl', 'gzip'],
    ['votes', 'jsonl', 'none'],
  ])('%s says how it is written', (name, type, compression) => {
    expect(parseExportArguments(['votes', '--output', name]).layout).toEqual({ type, compression })
  })

  test('options say it better than a name', () => {
    expect(
      parseExportArguments(['votes', '--output', 'a.csv.gz', '--type', 'jsonl', '--compress', 'none']).layout,
    ).toEqual({
      type: 'jsonl',
      compression: 'none',
    })
    expect(parseExportArguments(['votes', '--type', 'parquet', '--compress', 'gzip']).layout).toEqual({
      type: 'parquet',
      compression: 'gzip',
    })
  })
})

describe('a dry run', () => {
  test('shows counts and the first ten rows and writes nothing', async () => {
    const argv = ['dpo', '--dry-run', '--json', '--output', join(folder, 'pairs.jsonl')]
    const { code, stdout } = await run(sourceOf(25), argv)
    expect(code).toBe(0)
    const { sample, ...summary } = JSON.parse(stdout)
    expect(sample).toHaveLength(10)
    expect(sample[0]).toMatchObject({ meta: { battle_id: 'b0' } })
    expect(summary).toEqual({
      format: 'dpo',
      units: 25,
      kept: 25,
      dropped: 0,
      rows: 25,
      by_reason: {},
      splits: { train: 25 },
      masked: {},
      files: {},
      dry_run: true,
    })
    expect(readdirSync(folder)).toEqual([])
  })

  test('for people it is a table and the rows, without control characters', async () => {
    const source = new MemorySource([aBattle({ turns: [aTurn('Clear \u001b[2J the screen\u009b', 'a', 'b')] })])
    const { stdout } = await run(source, ['dpo', '--dry-run'])
    expect(stdout).toContain('1 units, 1 kept, 0 dropped, 1 rows; nothing was written')
    expect(stdout).not.toMatch(/[\u001b\u009b]/)
  })

  test('splits can be looked at without a folder', async () => {
    const { code, stdout } = await run(sourceOf(25), ['dpo', '--dry-run', '--json', '--split', 'a=0.5,b=0.5'])
    expect(code).toBe(0)
    expect(Object.keys(JSON.parse(stdout).splits)).toEqual(['a', 'b'])
  })
})

describe('refusals', () => {
  test.each([
    [[], 'FORMAT: expected dpo|kto'],
    [['pdo'], 'FORMAT: expected dpo|kto'],
    [['dpo', 'kto'], 'one FORMAT'],
    [['dpo', '--colour'], '--colour'],
    [['dpo', '--ties', 'keep'], '--ties: expected drop|both, got keep'],
    [['dpo', '--min-votes', '1.5'], '--min-votes: expected a whole number'],
    [['dpo', '--min-agreement', '60%'], '--min-agreement: expected a number from 0 to 1'],
    [['dpo', '--since', 'yesterday'], '--since: expected a date or ISO 8601'],
    [['dpo', '--since', '2026-02-30T00:00:00Z', '--until', '2026-13-01'], 'expected a date'],
    [['dpo', '--since', '2026-11-24', '--until', '2026-11-24'], '--since must be before --until'],
    [['dpo', '--margin', 'share'], 'only reward'],
    [['kto', '--implicit-prompt'], 'only dpo and reward'],
    [['sft', '--both-bad', 'both'], 'sft takes good answers only'],
    [['openai', '--text'], 'no plain-text layout'],
    [['ultrafeedback', '--text'], 'no plain-text layout'],
    [['rank', '--text'], 'no plain-text layout'],
    [['votes', '--text'], 'no plain-text layout'],
    [['openai', '--type', 'parquet'], 'openai files are JSONL'],
    [['dpo', '--type', 'csv'], 'only for votes'],
    [['rank', '--type', 'csv'], 'only for votes'],
    [['votes', '--output', 'a.parquet.gz'], 'compressed inside'],
    [['dpo', '--split', 'train=0.9,test=0.1'], 'needs a folder'],
    [['dpo', '--split', 'train=0.9,test=0.2', '--output', 'x/'], 'sum to 1.1'],
    [['dpo', '--split', '../../x=0.5,b=0.5', '--output', 'x/'], 'expected NAME=SHARE'],
    [['dpo', '--split', 'con=0.5,b=0.5', '--output', 'x/'], 'expected NAME=SHARE'],
    [['dpo', '--split', 'a=0.5,a=0.5', '--output', 'x/'], 'twice'],
    [['dpo', '--seed', '-1'], '--seed'],
  ])('%j is refused with exit code 2 before anything is opened', async (argv, words) => {
    const { code, stdout, stderr } = await run(
      Object.assign(sourceOf(), { findLogEnd: () => Promise.reject(new Error('was opened')) }),
      argv,
    )
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(words)
  })

  test('zstd is refused where Node has none', async ({ skip }) => {
    skip(hasZstd(), 'this Node has zstd')
    for (const argv of [
      ['votes', '--output', 'a.jsonl.zst'],
      ['votes', '--type', 'parquet', '--compress', 'zstd'],
    ]) {
      expect(await run(sourceOf(), argv)).toMatchObject({ code: 2, stderr: expect.stringContaining('Node 22.15') })
    }
  })

  test('moments may be dates or have any zone; without one they are UTC', () => {
    const sinceOf = (text: string) => parseExportArguments(['dpo', '--since', text]).query.filter.since
    expect(sinceOf('2026-11-24')).toBe(Date.UTC(2026, 10, 24))
    expect(sinceOf('2026-11-24T22:00')).toBe(Date.UTC(2026, 10, 24, 22))
    expect(sinceOf('2026-11-24 22:00:00.5')).toBe(Date.UTC(2026, 10, 24, 22, 0, 0, 500))
    expect(sinceOf('2026-11-24T22:00:00+03:00')).toBe(Date.UTC(2026, 10, 24, 19))
  })
})

describe('what is there already', () => {
  test('is not overwritten without being asked', async () => {
    const file = join(folder, 'a.jsonl')
    writeFileSync(file, 'precious')
    const refused = await run(sourceOf(), ['dpo', '--output', file])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--overwrite') })
    expect(readFileSync(file, 'utf8')).toBe('precious')
    expect(readdirSync(folder)).toEqual(['a.jsonl'])
    expect((await run(sourceOf(), ['dpo', '--output', file, '--overwrite'])).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain('Yes 4.')
  })

  test('an empty file is only a name', async () => {
    const file = join(folder, 'a.jsonl')
    writeFileSync(file, '')
    expect((await run(sourceOf(), ['dpo', '--output', file])).code).toBe(0)
  })

  test('a folder of an earlier export is refused as a whole', async () => {
    await run(sourceOf(), ['dpo', '--output', folder])
    const before = sha256(join(folder, 'README.md'))
    expect((await run(sourceOf(3), ['dpo', '--output', folder])).code).toBe(2)
    expect(sha256(join(folder, 'README.md'))).toBe(before)
    expect((await run(sourceOf(3), ['dpo', '--output', folder, '--overwrite'])).code).toBe(0)
    expect(sha256(join(folder, 'README.md'))).not.toBe(before)
  })

  test('a link is neither followed nor written through', async () => {
    const outside = join(scratch.path, `outside-${count}`)
    mkdirSync(outside)
    writeFileSync(join(outside, 'target'), 'precious')
    symlinkSync(join(outside, 'target'), join(folder, 'a.jsonl'))
    expect((await run(sourceOf(), ['dpo', '--output', join(folder, 'a.jsonl')])).code).toBe(2)
    expect((await run(sourceOf(), ['dpo', '--output', join(folder, 'a.jsonl'), '--overwrite'])).code).toBe(0)
    expect(readFileSync(join(outside, 'target'), 'utf8')).toBe('precious')
    const inner = join(folder, 'inner')
    mkdirSync(inner)
    symlinkSync(outside, join(inner, 'data'))
    expect(await run(sourceOf(), ['dpo', '--output', inner, '--overwrite'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a link'),
    })
    expect(readdirSync(outside)).toEqual(['target'])
  })
})

describe('an export that does not come to its end', () => {
  /** Fails at its third page. */
  class FailingSource extends MemorySource {
    override async readVotedBattles(request: ExportPageRequest): Promise<ExportPage<VotedBattle>> {
      if (this.pagesRead >= 2) throw new Error('the database is gone')
      return super.readVotedBattles(request)
    }
  }
  const failing = () =>
    new FailingSource(
      Array.from({ length: 9 }, (_, index) => aBattle({ id: `b${index}`, turns: [aTurn(`P${index}`, 'x', 'y')] })),
      { pageItems: 2 },
    )

  test('leaves no file, whole or half', async () => {
    for (const output of [
      join(folder, 'a.jsonl'),
      join(folder, 'a.parquet'),
      join(folder, 'a.jsonl.gz'),
      `${folder}/dir/`,
    ]) {
      const source = failing()
      const { code, stdout, stderr } = await run(source, ['dpo', '--output', output])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('the database is gone')
      expect(source.isClosed).toBe(true)
    }
    expect(readdirSync(folder)).toEqual([])
  })

  test('stopped in the middle, it takes its half away and closes what it read', async () => {
    const controller = new AbortController()
    const source = sourceOf(9)
    const read = source.readVotedBattles.bind(source)
    source.readVotedBattles = async (request) => {
      if (source.pagesRead === 2) controller.abort(new Error('stopped'))
      return read(request)
    }
    const { code, stderr } = await run(source, ['dpo', '--output', join(folder, 'a.jsonl')], {
      signal: controller.signal,
    })
    expect(code).toBe(1)
    expect(stderr).toContain('stopped')
    expect(source.pagesRead).toBeLessThan(5)
    expect(source.isClosed).toBe(true)
    expect(readdirSync(folder)).toEqual([])
  })

  test('others have their turn between pages, so that a signal is heard also where nothing is written yet', async () => {
    const controller = new AbortController()
    setImmediate(() => controller.abort(new Error('stopped')))
    const source = sourceOf(1000)
    const argv = ['dpo', '--dry-run', '--split', 'a=0.5,b=0.5']
    expect(await run(source, argv, { signal: controller.signal })).toMatchObject({ code: 1 })
    expect(source.pagesRead).toBeLessThan(10)
  })

  test('a reader that goes away ends the reading', async () => {
    const gone = sourceOf(2000)
    expect(await run(gone, ['dpo'], { stdout: closedStream() })).toMatchObject({ code: 1 })
    expect(gone.isClosed).toBe(true)
    const reader = new PassThrough({ highWaterMark: 1024 })
    reader.once('data', () => reader.destroy())
    const leaving = sourceOf(2000)
    const { code, stderr } = await run(leaving, ['dpo'], { stdout: reader })
    expect(code).toBe(1)
    expect(stderr).toContain('gone away')
    expect(leaving.isClosed).toBe(true)
  })

  test('a slow reader is waited for, not buffered for', async () => {
    const reader = new PassThrough({ highWaterMark: 1 << 16 })
    const source = sourceOf(20_000)
    const done = run(source, ['dpo', '--mask-pii', 'off'], { stdout: reader })
    // Until it stands still.
    for (let before = -1; source.pagesRead !== before;) {
      before = source.pagesRead
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(source.pagesRead).toBeLessThan(5_000)
    expect(reader.readableLength).toBeLessThan(4 << 20)
    reader.resume()
    expect((await done).code).toBe(0)
    expect(source.pagesRead).toBe(10_000)
  })

  test('a place that cannot be written to is told in words', async () => {
    const { code, stderr } = await run(sourceOf(), ['dpo', '--output', '/proc/nowhere/a.jsonl'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'The folder of the output does not exist: make it first, or choose another place.\n',
    })
  })
})

describe('progress', () => {
  test('is drawn on a terminal and nowhere else', async () => {
    const file = (name: string) => ['dpo', '--output', join(folder, name)]
    expect((await run(sourceOf(), file('a.jsonl'), { isTerminal: true })).stderr).toMatch(/%.*units.*\r/s)
    expect((await run(sourceOf(), file('b.jsonl'))).stderr).toBe('')
  })
})

test('a download has a safe name, whatever the arena is called', () => {
  const service = new ExportService({ source: sourceOf(), version: '1.2.3', now: () => 0 })
  const layout = { type: 'jsonl', compression: 'gzip' } as const
  expect(service.nameFile(defaultQuery('dpo'), layout)).toBe('ringside-dpo.jsonl.gz')
  const query = { ...defaultQuery('votes'), filter: { ...EVERYTHING, arenas: ['../../etc', 'a/b'] } }
  expect(service.nameFile(query, layout)).toBe('ringside-votes-.-.-etc-a-b.jsonl.gz')
})

test('a trainer that reads no compressed JSONL is warned about', async () => {
  const argv = ['llamafactory', '--compress', 'gzip', '--output', join(folder, 'a.jsonl.gz')]
  expect(await run(sourceOf(), argv)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('does not read compressed JSONL'),
  })
})

test('CSV of plain pairs opens with their columns', async () => {
  const source = new MemorySource([
    aBattle({ models: { a: '=owl', b: 'fox' }, turns: [aTurn('=1+1', '-2', '"2"')], votes: votesFor('a') }),
  ])
  const { stdout } = await run(source, ['dpo', '--text', '--type', 'csv'])
  expect(stdout.split('\r\n')[0]).toBe('prompt,chosen,rejected,meta')
  expect(stdout.split('\r\n')[1]).toMatch(/^"'=1\+1","'-2","""2""","\{""id"":/)
})
