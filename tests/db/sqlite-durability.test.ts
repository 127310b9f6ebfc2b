import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backUpStore, openStore, restoreStore } from '../../db/open-store.ts'
import { openConnection } from '../../db/sqlite/connection.ts'
import type { Store, StoreError } from '../../db/store.ts'
import { bundleProgram, startChild } from '../support/child-process.ts'
import { readLedger } from '../support/ledger.ts'
import { makeScratchFolder } from '../support/scratch-folder.ts'
import { readLog, readyBattle, setUpArena, voteOn, type Arena } from './arena-facts.ts'

const votingProcess = await bundleProgram(new URL('./voting-process.ts', import.meta.url).pathname)
afterAll(() => votingProcess.remove())

let folder: { path: string; remove: () => void }
let dataDir: string
let ledger: string

beforeEach(() => {
  folder = makeScratchFolder()
  dataDir = join(folder.path, 'data')
  ledger = join(folder.path, 'ledger')
})
afterEach(() => folder.remove())

const open = () => openStore({ dataDir, databaseUrl: undefined, nodeId: 'node-one' })
const database = () => join(dataDir, 'ringside.sqlite')

/** Opens the arena, lets something happen to it and closes it. */
async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await open()
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function castVotes(arena: Arena, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let cast = 0; cast < count; cast += 1) {
    const vote = voteOn(await readyBattle(arena))
    await arena.store.recordVote(vote)
    ids.push(vote.id)
  }
  return ids
}

const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Compares what a process wrote down with what is in the log. */
async function settle(): Promise<{ lost: string[]; ghosts: string[]; found: number; acknowledged: number }> {
  const votes = readLedger(ledger)
  const acknowledged = votes.get('acknowledged') ?? []
  const sent = new Set(votes.get('sent'))
  const found = await withStore(async (store) => (await readLog(store, 0)).map(({ id }) => id))
  expect(new Set(found).size).toBe(found.length)
  const inLog = new Set<string>(found)
  return {
    lost: acknowledged.filter((id) => !inLog.has(id)),
    ghosts: found.filter((id) => !sent.has(id)),
    found: found.length,
    acknowledged: acknowledged.length,
  }
}

describe('settings', () => {
  test('every connection waits for the disk, also to a file that is opened again', () => {
    mkdirSync(dataDir)
    for (const readonly of [false, false, true]) {
      const connection = openConnection(database(), { readonly })
      expect(connection.pragma('synchronous', { simple: true })).toBe(2)
      expect(connection.pragma('foreign_keys', { simple: true })).toBe(1)
      connection.close()
    }
    // The control: without our setting the driver's default for a reopened file would lose votes.
    const bare = new BetterSqlite(database())
    expect(bare.pragma('synchronous', { simple: true })).toBe(1)
    bare.close()
  })
})

describe('one server for one DATA_DIR', () => {
  test('a second server refuses with one line that names the first, and a killed one stands in nobody’s way', async () => {
    const first = startChild(votingProcess.file, [dataDir, ledger, '1000000', '1'])
    await expect.poll(() => readLedger(ledger).has('ready'), { timeout: 30_000 }).toBe(true)
    const refusal = await open().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ name: 'StoreError', reason: 'locked' })
    expect(String(refusal)).toContain(`process ${first.process.pid}`)
    expect(String(refusal)).not.toContain('\n')
    await first.kill()
    await withStore(async (store) => expect(await store.checkHealth()).toMatchObject({ writable: true }))
  })

  test('the same process cannot open it twice either', async () => {
    await withStore(async () => {
      await expect(open()).rejects.toMatchObject({ reason: 'locked' })
    })
    await withStore(async () => undefined)
  })
})

describe('a process that is killed in a storm of votes', () => {
  test('loses no acknowledged vote, and none is there twice', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 100_000)
    let state = seed
    const random = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
    for (let kill = 1; kill <= 5; kill += 1) {
      const acknowledgedSoFar = () => readLedger(ledger).get('acknowledged')?.length ?? 0
      const before = acknowledgedSoFar()
      const child = startChild(votingProcess.file, [dataDir, ledger, '1000000', '60'])
      await expect.poll(() => acknowledgedSoFar() > before + 50, { timeout: 30_000 }).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, random() * 200))
      await child.kill()
      const { lost, ghosts, found, acknowledged } = await settle()
      expect({ seed, kill, lost, ghosts }).toEqual({ seed, kill, lost: [], ghosts: [] })
      expect(found).toBeGreaterThanOrEqual(acknowledged)
    }
  }, 120_000)
})

describe('what is found at the start', () => {
  test('a log whose last commits were lost with the write-ahead log is refused, and a backup brings the arena back', async () => {
    const backup = join(folder.path, 'backup.sqlite')
    const store = await open()
    const arena = await setUpArena(store)
    const saved = await castVotes(arena, 5)
    await store.backup(backup)
    await castVotes(arena, 5)
    // What a power cut on a disk that lies leaves behind: the main file without its newest commits.
    const copy = join(folder.path, 'copy')
    mkdirSync(copy)
    const early = join(copy, 'ringside.sqlite')
    cpSync(backup, early)
    await store.close()
    cpSync(join(dataDir, 'vote-log.head'), join(copy, 'vote-log.head'))
    dataDir = copy
    const refusal = await open().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ name: 'StoreError', reason: 'corrupt' })
    expect(String(refusal)).toContain('ends at entry 5, but entry 10 was acknowledged')
    expect(String(refusal)).toContain('ringside restore')
    const { keptAs } = await restoreStore({ dataDir, databaseUrl: undefined }, backup)
    expect(readdirSync(keptAs ?? '').toSorted()).toEqual(['ringside.sqlite', 'vote-log.head'])
    await withStore(async (restored) => expect((await readLog(restored, 5)).map(({ id }) => id)).toEqual(saved))
  })

  test('an unfinished last transaction is no loss', async () => {
    const child = startChild(votingProcess.file, [dataDir, ledger, '1000000', '20'])
    await expect.poll(() => (readLedger(ledger).get('acknowledged')?.length ?? 0) > 50, { timeout: 30_000 }).toBe(true)
    await child.kill()
    // Bytes of a transaction that never reached its commit.
    appendFileSync(`${database()}-wal`, Buffer.alloc(5_000, 7))
    const { lost, ghosts } = await settle()
    expect({ lost, ghosts }).toEqual({ lost: [], ghosts: [] })
  })

  test('a damaged write-ahead log is seen although the engine calls the rest healthy', async () => {
    const child = startChild(votingProcess.file, [dataDir, ledger, '1000000', '20'])
    await expect.poll(() => existsSync(join(dataDir, 'vote-log.head')), { timeout: 30_000 }).toBe(true)
    await child.kill()
    const log = `${database()}-wal`
    truncateSync(log, 32)
    const bare = new BetterSqlite(database(), { readonly: true })
    expect(bare.pragma('quick_check', { simple: true })).toBe('ok')
    bare.close()
    await expect(open()).rejects.toMatchObject({ reason: 'corrupt' })
  })

  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['random bytes', Buffer.from('no database at all, but long enough to be one'.repeat(100))],
  ])('%s in the place of the arena is refused and left as it is', async (_, content) => {
    mkdirSync(dataDir)
    writeFileSync(database(), content)
    const before = hashOf(database())
    await expect(open()).rejects.toMatchObject({ name: 'StoreError', reason: 'corrupt' })
    expect(hashOf(database())).toBe(before)
    rmSync(database())
    await withStore(async (store) => expect(await store.listModels()).toEqual([]))
  })

  test('a database of another program is refused and left as it is', async () => {
    mkdirSync(dataDir)
    const other = new BetterSqlite(database())
    other.exec('CREATE TABLE recipes (name TEXT)')
    other.close()
    const before = hashOf(database())
    await expect(open()).rejects.toMatchObject({
      reason: 'corrupt',
      message: expect.stringContaining('another program'),
    })
    expect(hashOf(database())).toBe(before)
  })

  test('an arena whose file is gone is not started anew over its remains', async () => {
    await withStore(async (store) => castVotes(await setUpArena(store), 2))
    rmSync(database())
    await expect(open()).rejects.toMatchObject({
      reason: 'corrupt',
      message: expect.stringContaining('ends at entry 0'),
    })
    expect(existsSync(database())).toBe(false)
  })

  test('an arena of a newer version is refused with the rule for going back', async () => {
    await withStore(async () => undefined)
    const newer = new BetterSqlite(database())
    newer.exec(`INSERT INTO ringside_migrations (name, applied_at) VALUES ('9999_future', 0)`)
    newer.close()
    const before = hashOf(database())
    await expect(open()).rejects.toMatchObject({
      reason: 'newer-schema',
      message: expect.stringContaining('9999_future'),
    })
    expect(hashOf(database())).toBe(before)
  })

  test('a hole in the log is seen by whoever reads it', async () => {
    await withStore(async (store) => castVotes(await setUpArena(store), 6))
    const vandal = new BetterSqlite(database())
    vandal.exec('DELETE FROM vote_log WHERE position = 3')
    vandal.close()
    await withStore(async (store) => {
      await expect(store.readVoteLog(null, 100)).rejects.toMatchObject({ reason: 'corrupt' })
    })
  })
})

describe('another process that holds the lock', () => {
  test('votes wait for it without stopping the event loop, and are stored', async () => {
    await withStore(async (store) => {
      const arena = await setUpArena(store)
      const battle = await readyBattle(arena)
      const other = new BetterSqlite(database())
      other.exec('BEGIN IMMEDIATE')
      const vote = store.recordVote(voteOn(battle))
      let turns = 0
      const end = Date.now() + 200
      while (Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 1))
        turns += 1
      }
      // The engine's own waiting would have taken all of these turns.
      expect(turns).toBeGreaterThan(20)
      other.exec('ROLLBACK')
      expect(await vote).toMatchObject({ kind: 'recorded' })
      other.close()
    })
  })
})

describe('a backup', () => {
  test('made in a storm of votes holds every vote acknowledged before, and opens as an arena', async () => {
    const store = await open()
    const arena = await setUpArena(store)
    let isStorming = true
    const acknowledged: string[] = []
    const storm = Array.from({ length: 8 }, async () => {
      while (isStorming) acknowledged.push(...(await castVotes(arena, 1)))
    })
    await expect.poll(() => acknowledged.length > 100, { timeout: 30_000 }).toBe(true)
    const before = [...acknowledged]
    const file = join(folder.path, 'backup.sqlite')
    const { sizeBytes } = await store.backup(file)
    const during = acknowledged.length - before.length
    isStorming = false
    await Promise.all(storm)
    await store.close()
    expect(sizeBytes).toBe(readFileSync(file).length)
    expect(during).toBeGreaterThan(0)
    await restoreStore({ dataDir: join(folder.path, 'elsewhere'), databaseUrl: undefined }, file)
    dataDir = join(folder.path, 'elsewhere')
    await withStore(async (restored) => {
      const found = new Set<string>((await readLog(restored, before.length)).map(({ id }) => id))
      expect(before.filter((id) => !found.has(id))).toEqual([])
    })
  })

  test('is made beside a running server, by another process', async () => {
    await withStore(async (store) => {
      const ids = await castVotes(await setUpArena(store), 3)
      const file = join(folder.path, 'backup.sqlite')
      await backUpStore({ dataDir, databaseUrl: undefined }, file)
      const copy = new BetterSqlite(file, { readonly: true })
      expect(copy.prepare('SELECT id FROM vote_log ORDER BY position').pluck().all()).toEqual(ids)
      copy.close()
    })
  })

  test('that cannot be written leaves nothing behind', async () => {
    await withStore(async (store) => {
      const file = join(folder.path, 'no-such-folder', 'backup.sqlite')
      await expect(store.backup(file)).rejects.toMatchObject({ name: 'StoreError' })
      expect(readdirSync(folder.path)).toEqual(['data'])
    })
  })

  test('of something else is not restored, and what is there stays', async () => {
    await withStore(async (store) => castVotes(await setUpArena(store), 2))
    const file = join(folder.path, 'no-backup')
    writeFileSync(file, 'not a database')
    await expect(restoreStore({ dataDir, databaseUrl: undefined }, file)).rejects.toMatchObject({ reason: 'corrupt' })
    await withStore(async (store) => expect(await readLog(store, 2)).toHaveLength(2))
  })

  test('is not restored under a running server', async () => {
    await withStore(async (store) => {
      const file = join(folder.path, 'backup.sqlite')
      await store.backup(file)
      await expect(restoreStore({ dataDir, databaseUrl: undefined }, file)).rejects.toMatchObject({ reason: 'locked' })
    })
  })
})

const TRACER = '/usr/bin/strace'
const withoutTracer = existsSync(TRACER) ? undefined : `${TRACER} is not installed`

describe(`a disk that fails${withoutTracer ? ` (skipped: ${withoutTracer})` : ''}`, () => {
  test.skipIf(withoutTracer)('no vote is acknowledged before the disk has confirmed it', async () => {
    const trace = join(folder.path, 'trace')
    const child = startChild(votingProcess.file, [dataDir, ledger, '60', '3'], {
      prefix: [TRACER, '-f', '-qq', '-y', '-s', '64', '-o', trace, '-e', 'trace=fsync,fdatasync,write,pwrite64'],
    })
    expect(await child.ended, child.output()).toBe(0)
    let unsynced = false
    let acknowledgements = 0
    let violations = 0
    for (const line of readFileSync(trace, 'utf8').split('\n')) {
      if (/pwrite64\(.*ringside\.sqlite-wal/.test(line)) unsynced = true
      if (/fsync\(.*ringside\.sqlite-wal/.test(line)) unsynced = false
      if (!line.includes('"acknowledged ')) continue
      acknowledgements += 1
      if (unsynced) violations += 1
    }
    expect({ acknowledgements, violations }).toEqual({ acknowledgements: 60, violations: 0 })
  })

  test.skipIf(withoutTracer)(
    'after one failed fsync nothing is acknowledged any more, and what was is there',
    async () => {
      const child = startChild(votingProcess.file, [dataDir, ledger, '200', '10'], {
        prefix: [TRACER, '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO:when=30'],
      })
      expect(await child.ended, child.output()).toBe(0)
      const notes = readFileSync(ledger, 'utf8').split('\n')
      const firstUnknown = notes.findIndex((line) => line.startsWith('refused-unknown'))
      expect(firstUnknown).toBeGreaterThan(0)
      expect(notes.slice(firstUnknown).filter((line) => line.startsWith('acknowledged'))).toEqual([])
      expect(notes).toContain('health not-writable needs-restart')
      const { lost, ghosts, acknowledged } = await settle()
      expect({ lost, ghosts }).toEqual({ lost: [], ghosts: [] })
      expect(acknowledged).toBeGreaterThan(0)
    },
  )

  test.skipIf(withoutTracer)(
    'a start that is killed at any of its calls to the disk leaves no arena or a whole one',
    async () => {
      let survived = 0
      let killed = 0
      for (let call = 1; survived === 0; call += 1) {
        rmSync(dataDir, { recursive: true, force: true })
        const child = startChild(votingProcess.file, [dataDir, ledger, '0', '0'], {
          prefix: [
            TRACER,
            '-f',
            '-qq',
            '-o',
            '/dev/null',
            '-e',
            'trace=fsync',
            '-e',
            `inject=fsync:signal=KILL:when=${call}`,
          ],
        })
        const end = await child.ended
        if (end === 0) survived += 1
        else killed += 1
        await withStore(async (store) => {
          expect((await store.listModels()).length).toBeLessThanOrEqual(2)
          expect(await castVotes(await setUpArena(store), 1)).toHaveLength(1)
        })
      }
      expect(killed).toBeGreaterThan(3)
    },
    120_000,
  )
})

describe('a disk that is full', () => {
  const withoutMount = findMountProblem()

  test.skipIf(withoutMount)(
    `refuses votes plainly, keeps what it acknowledged, and goes on by itself when there is room${withoutMount ? ` (skipped: ${withoutMount})` : ''}`,
    async () => {
      mkdirSync(dataDir)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', dataDir])
      try {
        const acknowledged = await withStore((store) => fillAndFree(store))
        const found = await withStore((again) => readLog(again, 0))
        expect(found.map(({ id }) => id)).toEqual(acknowledged)
      } finally {
        // Lazily, so that a failure above is reported and not this one.
        execFileSync('umount', ['-l', dataDir])
      }
    },
  )
})

/** Votes before, while and after the disk is full; returns the votes that were acknowledged. */
async function fillAndFree(store: Store): Promise<string[]> {
  const arena = await setUpArena(store)
  const battles = await Promise.all(Array.from({ length: 40 }, () => readyBattle(arena)))
  const acknowledged = await castVotes(arena, 20)
  const ballast = join(dataDir, 'ballast')
  fillUp(ballast)
  const refusals = new Set<string>()
  for (const battle of battles.slice(0, 20)) {
    const vote = voteOn(battle)
    const result = await store.recordVote(vote).catch((error: StoreError) => error.reason)
    if (typeof result === 'string') refusals.add(result)
    else acknowledged.push(vote.id)
  }
  expect([...refusals]).toEqual(['full'])
  expect(await store.checkHealth()).toMatchObject({ writable: false, needsRestart: false })
  expect(await readLog(store, acknowledged.length)).toHaveLength(acknowledged.length)
  rmSync(ballast)
  await expect.poll(async () => (await store.checkHealth()).writable).toBe(true)
  for (const battle of battles.slice(20)) {
    const vote = voteOn(battle)
    expect(await store.recordVote(vote)).toMatchObject({ kind: 'recorded' })
    acknowledged.push(vote.id)
  }
  return acknowledged
}

function findMountProblem(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make a small disk'
  const scratch = makeScratchFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', scratch.path], { stdio: 'ignore' })
    execFileSync('umount', [scratch.path])
    return undefined
  } catch {
    return 'a small disk cannot be mounted here'
  } finally {
    scratch.remove()
  }
}

/** Takes every byte that is left. */
function fillUp(file: string): void {
  for (const size of [65_536, 4_096, 512, 1]) {
    for (;;) {
      try {
        appendFileSync(file, Buffer.alloc(size))
      } catch {
        break
      }
    }
  }
}
