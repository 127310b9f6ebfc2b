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
import { restoreStore } from '../../db/open-store.ts'
import { openConnection } from '../../db/sqlite/connection.ts'
import { bundleProgram, startChild } from '../support/child-process.ts'
import { readLedger } from '../support/ledger.ts'
import { readLog, readyBattle, setUpArena, voteOn } from './arena-facts.ts'
import { castVotes, makeDataDir, openIn, settle, withStore, type DataDir } from './data-dir.ts'

const votingProcess = await bundleProgram(new URL('./voting-process.ts', import.meta.url).pathname)
afterAll(() => votingProcess.remove())

let dir: DataDir

beforeEach(() => {
  dir = makeDataDir()
})
afterEach(() => dir.remove())

const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

describe('settings', () => {
  test('every connection waits for the disk, also to a file that is opened again', () => {
    mkdirSync(dir.path)
    for (const readonly of [false, false, true]) {
      const connection = openConnection(dir.database, { readonly })
      expect(connection.pragma('synchronous', { simple: true })).toBe(2)
      expect(connection.pragma('foreign_keys', { simple: true })).toBe(1)
      connection.close()
    }
    // The control: without our setting the driver's default for a reopened file would lose votes.
    const bare = new BetterSqlite(dir.database)
    expect(bare.pragma('synchronous', { simple: true })).toBe(1)
    bare.close()
  })
})

describe('one server for one DATA_DIR', () => {
  test('a second server refuses with one line that names the first, and a killed one stands in nobody’s way', async () => {
    const first = startChild(votingProcess.file, [dir.path, dir.ledger, '1000000', '1'])
    await expect.poll(() => readLedger(dir.ledger).has('ready'), { timeout: 30_000 }).toBe(true)
    const refusal = await openIn(dir).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ name: 'StoreError', reason: 'locked' })
    expect(String(refusal)).toContain(`process ${first.process.pid}`)
    expect(String(refusal)).not.toContain('\n')
    await first.kill()
    await withStore(dir, async (store) => expect(await store.checkHealth()).toMatchObject({ writable: true }))
  })

  test('the same process cannot open it twice either', async () => {
    await withStore(dir, async () => {
      await expect(openIn(dir)).rejects.toMatchObject({ reason: 'locked' })
    })
    await withStore(dir, async () => undefined)
  })
})

describe('what is found at the start', () => {
  test('a log whose last commits were lost with the write-ahead log is refused, and a backup brings the arena back', async () => {
    const backup = join(dir.folder, 'backup.sqlite')
    const store = await openIn(dir)
    const arena = await setUpArena(store)
    const saved = await castVotes(arena, 5)
    await store.backup(backup)
    await castVotes(arena, 5)
    await store.close()
    // What a disk that lies about flushes leaves after a power cut: the file without its newest commits.
    const older = { path: join(dir.folder, 'older') }
    mkdirSync(older.path)
    cpSync(backup, join(older.path, 'ringside.sqlite'))
    cpSync(join(dir.path, 'vote-log.head'), join(older.path, 'vote-log.head'))
    const refusal = await openIn(older).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ name: 'StoreError', reason: 'corrupt' })
    expect(String(refusal)).toContain('ends at entry 5, but entry 10 was acknowledged')
    expect(String(refusal)).toContain('ringside restore')
    const { keptAs } = await restoreStore({ dataDir: older.path, databaseUrl: undefined }, backup)
    expect(readdirSync(keptAs ?? '').toSorted()).toEqual(['ringside.sqlite', 'vote-log.head'])
    await withStore(older, async (restored) => expect((await readLog(restored, 5)).map(({ id }) => id)).toEqual(saved))
  })

  test('an unfinished last transaction is no loss', async () => {
    const child = startChild(votingProcess.file, [dir.path, dir.ledger, '1000000', '20'])
    await expect
      .poll(() => (readLedger(dir.ledger).get('acknowledged')?.length ?? 0) > 50, { timeout: 30_000 })
      .toBe(true)
    await child.kill()
    // Bytes of a transaction that never reached its commit.
    appendFileSync(`${dir.database}-wal`, Buffer.alloc(5_000, 7))
    const { lost, ghosts } = await settle(dir)
    expect({ lost, ghosts }).toEqual({ lost: [], ghosts: [] })
  })

  test('a damaged write-ahead log is seen although the engine calls the rest healthy', async () => {
    const child = startChild(votingProcess.file, [dir.path, dir.ledger, '1000000', '20'])
    await expect.poll(() => existsSync(join(dir.path, 'vote-log.head')), { timeout: 30_000 }).toBe(true)
    await child.kill()
    const log = `${dir.database}-wal`
    truncateSync(log, 32)
    const bare = new BetterSqlite(dir.database, { readonly: true })
    expect(bare.pragma('quick_check', { simple: true })).toBe('ok')
    bare.close()
    await expect(openIn(dir)).rejects.toMatchObject({ reason: 'corrupt' })
  })

  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['random bytes', Buffer.from('no database at all, but long enough to be one'.repeat(100))],
  ])('%s in the place of the arena is refused and left as it is', async (_, content) => {
    mkdirSync(dir.path)
    writeFileSync(dir.database, content)
    const before = hashOf(dir.database)
    await expect(openIn(dir)).rejects.toMatchObject({ name: 'StoreError', reason: 'corrupt' })
    expect(hashOf(dir.database)).toBe(before)
    rmSync(dir.database)
    await withStore(dir, async (store) => expect(await store.listModels()).toEqual([]))
  })

  test('a database of another program is refused and left as it is', async () => {
    mkdirSync(dir.path)
    const other = new BetterSqlite(dir.database)
    other.exec('CREATE TABLE recipes (name TEXT)')
    other.close()
    const before = hashOf(dir.database)
    await expect(openIn(dir)).rejects.toMatchObject({
      reason: 'corrupt',
      message: expect.stringContaining('another program'),
    })
    expect(hashOf(dir.database)).toBe(before)
  })

  test('an arena whose file is gone is not started anew over its remains', async () => {
    await withStore(dir, async (store) => castVotes(await setUpArena(store), 2))
    rmSync(dir.database)
    await expect(openIn(dir)).rejects.toMatchObject({
      reason: 'corrupt',
      message: expect.stringContaining('ends at entry 0'),
    })
    expect(existsSync(dir.database)).toBe(false)
  })

  test('an arena of a newer version is refused with the rule for going back', async () => {
    await withStore(dir, async () => undefined)
    const newer = new BetterSqlite(dir.database)
    newer.exec(`INSERT INTO ringside_migrations (name, applied_at) VALUES ('9999_future', 0)`)
    newer.close()
    const before = hashOf(dir.database)
    await expect(openIn(dir)).rejects.toMatchObject({
      reason: 'newer-schema',
      message: expect.stringContaining('9999_future'),
    })
    expect(hashOf(dir.database)).toBe(before)
  })

  test('a hole in the log is seen by whoever reads it', async () => {
    await withStore(dir, async (store) => castVotes(await setUpArena(store), 6))
    const vandal = new BetterSqlite(dir.database)
    vandal.exec('DELETE FROM vote_log WHERE position = 3')
    vandal.close()
    await withStore(dir, async (store) => {
      await expect(store.readVoteLog(null, 100)).rejects.toMatchObject({ reason: 'corrupt' })
    })
  })
})

describe('another process that holds the lock', () => {
  test('votes wait for it without stopping the event loop, and are stored', async () => {
    await withStore(dir, async (store) => {
      const arena = await setUpArena(store)
      const battle = await readyBattle(arena)
      const other = new BetterSqlite(dir.database)
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
