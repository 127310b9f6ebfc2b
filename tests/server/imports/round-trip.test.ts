import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { openExportSource, openStore } from '../../../db/open-store.ts'
import type { Store } from '../../../db/store.ts'
import { runExport } from '../../../server/exports/run-export.ts'
import { runImport } from '../../../server/imports/run-import.ts'
import { battleOf, readyBattle, setUpArena, turnEndOf, turnOf, voteOn, withdrawalOf } from '../../db/arena-facts.ts'
import { KeptText } from '../../support/kept-text.ts'
import { startPostgres } from '../../support/postgres.ts'
import { makeScratchFolder } from '../../support/scratch-folder.ts'
import { NOON, toJsonLines } from './import-bench.ts'

const postgres = await startPostgres()
const folder = makeScratchFolder()
afterAll(async () => {
  folder.remove()
  if (!('skipReason' in postgres)) await postgres.stop()
})

interface Place {
  readonly dataDir: string
  readonly databaseUrl: string | undefined
}

let count = 0
const newFile = (name: string) => join(folder.path, `${(count += 1)}-${name}`)
const inFolder = async (): Promise<Place> => ({ dataDir: newFile('arena'), databaseUrl: undefined })
const onServer = async (): Promise<Place> => {
  if ('skipReason' in postgres) throw new Error(postgres.skipReason)
  return { dataDir: '/nowhere', databaseUrl: await postgres.createDatabase() }
}

const open = (place: Place) => openStore({ ...place, nodeId: 'round-trip' })

async function withStore<T>(place: Place, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await open(place)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function exportVotes(place: Place, name: string, format = 'votes'): Promise<Buffer> {
  const file = newFile(name)
  const stderr = new KeptText()
  const needs = {
    openSource: () => openExportSource(place),
    stdout: new KeptText(),
    stderr,
    now: () => NOON,
    version: 'test',
  }
  const code = await runExport([format, '--output', file, '--mask-pii', 'off'], needs)
  if (code !== 0) throw new Error(stderr.text)
  return readFileSync(file)
}

async function importInto(place: Place, ...argv: string[]) {
  const [stdout, stderr] = [new KeptText(), new KeptText()]
  const needs = { openStore: () => open(place), stdin: Readable.from([]), stdout, stderr, now: () => NOON + 86_400_000 }
  const code = await runImport([...argv, '--json'], needs)
  return { code, stderr: stderr.text, summary: stdout.text === '' ? {} : JSON.parse(stdout.text) }
}

/** An arena with everything that a vote can be: cast here in one turn and two, taken back, leaked; and imported ones. */
async function fillArena(place: Place): Promise<void> {
  await withStore(place, async (store) => {
    const arena = await setUpArena(store)
    const plain = await readyBattle(arena, { prompt: '=1+1 что? \u202e🦉' })
    await store.recordVote(voteOn(plain, 'tie'))
    const long = await readyBattle(arena)
    await store.recordTurn(turnOf(long, { prompt: 'А днём?\r\n"да"' }))
    await store.endTurn(turnEndOf(long, { turn: 2 }))
    await store.recordVote(voteOn(long, 'both_bad', { turn: 2, at: NOON + 1 }))
    const withdrawn = await readyBattle(arena)
    const first = voteOn(withdrawn, 'a')
    await store.recordVote(first)
    await store.recordWithdrawal(withdrawalOf(first))
    await store.recordVote(voteOn(withdrawn, 'b'))
    const takenBack = await readyBattle(arena)
    const only = voteOn(takenBack, 'a', { at: NOON + 99 })
    await store.recordVote(only)
    await store.recordWithdrawal(withdrawalOf(only))
    const leaked = battleOf(arena)
    await store.recordBattle(leaked)
    await store.endTurn(turnEndOf(leaked, { identityLeaked: true }))
    await store.recordVote(voteOn(leaked, 'a'))
  })
  const talk = (who: string) => [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Кто?' },
    { role: 'assistant', content: `${who}\u0001` },
  ]
  const texts = { conversation_a: talk('a'), conversation_b: talk('b') }
  const vote = { model_a: "'owl", model_b: '@fox', winner: 'a', judge: '=judge' }
  const records = [
    { ...vote, timestamp: '2026-01-01T00:00:00.001Z' },
    {
      ...vote,
      ...texts,
      strength: 2,
      weight: 0.1,
      category: 'Ночные птицы',
      language: 'ru',
      tstamp: 1_700_000_000.123,
    },
    { ...vote, ...texts, winner: 'b', tstamp: 1_800_000_000 },
    { ...vote, ...texts, winner: 'tie', tstamp: 1_600_000_000 },
    { ...vote, ...texts, anony: false, leaked: true, excluded: 'operator', judge: null },
    { ...vote, pair_id: 'p', conv_metadata: { turns: 3, header_count_a: 2 }, judge: 'x', turn: 3 },
  ]
  const file = newFile('imported.jsonl')
  writeFileSync(file, toJsonLines(records))
  expect((await importInto(place, 'votes', file, '--source', "'sheet")).code).toBe(0)
}

const PLACES = { 'a file': inFolder, 'a server': onServer } as const

const ENGINES = [
  ['a file', 'a file'],
  ...('skipReason' in postgres
    ? []
    : ([
        ['a file', 'a server'],
        ['a server', 'a file'],
      ] as const)),
] as const

describe.each(ENGINES)('votes out of an arena in %s, into an empty one in %s', (origin, target) => {
  test.each([['votes.jsonl'], ['votes.jsonl.gz'], ['votes.csv'], ['votes.parquet']])(
    'as %s come out of that as the same bytes',
    async (name) => {
      const [from, to] = [await PLACES[origin](), await PLACES[target]()]
      await fillArena(from)
      await settled(from, 14)
      const before = await exportVotes(from, name)
      const file = newFile(name)
      writeFileSync(file, before)
      const { code, stderr, summary } = await importInto(to, 'votes', file)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(summary).toMatchObject({ read: 12, imported: 12, rejected: 0 })
      await settled(to, 12)
      const after = await exportVotes(to, name)
      expect(after.equals(before)).toBe(true)
      expect((await importInto(to, 'auto', file)).summary).toMatchObject({ kind: 'votes', imported: 0, duplicates: 12 })
      expect((await importInto(from, 'votes', file)).summary).toMatchObject({ imported: 0, duplicates: 12 })
    },
    60_000,
  )
})

/** Waits until what was written can be read: on a server that is a moment after the commit. */
async function settled(place: Place, least: number): Promise<void> {
  await withStore(place, async (store) => {
    await expect.poll(async () => (await store.findLogEnd()).entries).toBeGreaterThanOrEqual(least)
  })
}

test('battles out of an arena come out of another as the same battles', async () => {
  const [from, to] = [await inFolder(), await inFolder()]
  await fillArena(from)
  const before = await exportVotes(from, 'battles.jsonl', 'battles')
  const file = newFile('battles.jsonl')
  writeFileSync(file, before)
  const { code, stderr } = await importInto(to, 'battles', file)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const texts = (bytes: Buffer) =>
    bytes
      .toString()
      .trim()
      .split('\n')
      .map((line) => {
        const { id: _id, categories: _categories, language: _language, votes, ...battle } = JSON.parse(line)
        return { ...battle, votes: votes.map(({ judge: _judge, ...vote }: { judge: string }) => vote) }
      })
  const after = texts(await exportVotes(to, 'battles.jsonl', 'battles'))
  // Battles whose every vote was taken back, or counts nowhere, have no vote to come back with.
  expect(after).toEqual(texts(before).filter(({ votes }) => votes.length > 0))
})

const DATA = new URL('../../../../shared/data/text_llmfao_battles.jsonl', import.meta.url).pathname

test.skipIf(!existsSync(DATA))(
  'a real set makes the pairs that it is known to make, before and after a round trip',
  async () => {
    const [from, to] = [await inFolder(), await inFolder()]
    await importInto(from, 'battles', DATA)
    const file = newFile('votes.jsonl')
    writeFileSync(file, await exportVotes(from, 'llmfao.jsonl'))
    await importInto(to, 'votes', file)
    for (const place of [from, to]) {
      const stdout = new KeptText()
      const needs = {
        openSource: () => openExportSource(place),
        stdout,
        stderr: new KeptText(),
        now: () => NOON,
        version: 'test',
      }
      await runExport(['dpo', '--mask-pii', 'off', '--dry-run', '--json'], needs)
      expect(JSON.parse(stdout.text)).toMatchObject({
        units: 2139,
        kept: 831,
        by_reason: { empty_answer: 289, no_majority: 276, tie: 600, duplicate: 143 },
      })
    }
    expect((await exportVotes(to, 'llmfao.jsonl')).equals(readFileSync(file))).toBe(true)
  },
  120_000,
)
