import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backUpStore, restoreStore } from '../../db/open-store.ts'
import { readLog, setUpArena } from './arena-facts.ts'
import { castVotes, makeDataDir, openIn, withStore, type DataDir } from './data-dir.ts'

let dir: DataDir

beforeEach(() => {
  dir = makeDataDir()
})
afterEach(() => dir.remove())

describe('a backup', () => {
  test('made in a storm of votes holds every vote acknowledged before, and opens as an arena', async () => {
    const store = await openIn(dir)
    const arena = await setUpArena(store)
    let isStorming = true
    const acknowledged: string[] = []
    const storm = Array.from({ length: 8 }, async () => {
      while (isStorming) acknowledged.push(...(await castVotes(arena, 1)))
    })
    await expect.poll(() => acknowledged.length > 100, { timeout: 30_000 }).toBe(true)
    const before = [...acknowledged]
    const file = join(dir.folder, 'backup.sqlite')
    const { sizeBytes } = await store.backup(file)
    const during = acknowledged.length - before.length
    isStorming = false
    await Promise.all(storm)
    await store.close()
    expect(sizeBytes).toBe(readFileSync(file).length)
    expect(during).toBeGreaterThan(0)
    const elsewhere = { path: join(dir.folder, 'elsewhere') }
    await restoreStore({ dataDir: elsewhere.path, databaseUrl: undefined }, file)
    await withStore(elsewhere, async (restored) => {
      const found = new Set<string>((await readLog(restored, before.length)).map(({ id }) => id))
      expect(before.filter((id) => !found.has(id))).toEqual([])
    })
  })

  test('is made beside a running server, by another process', async () => {
    await withStore(dir, async (store) => {
      const ids = await castVotes(await setUpArena(store), 3)
      const file = join(dir.folder, 'backup.sqlite')
      await backUpStore({ dataDir: dir.path, databaseUrl: undefined }, file)
      const copy = new BetterSqlite(file, { readonly: true })
      expect(copy.prepare('SELECT id FROM vote_log ORDER BY position').pluck().all()).toEqual(ids)
      copy.close()
    })
  })

  test('that cannot be written leaves nothing behind', async () => {
    await withStore(dir, async (store) => {
      const file = join(dir.folder, 'no-such-folder', 'backup.sqlite')
      await expect(store.backup(file)).rejects.toMatchObject({ name: 'StoreError' })
      expect(readdirSync(dir.folder)).toEqual(['data'])
    })
  })

  test('of something else is not restored, and what is there stays', async () => {
    await withStore(dir, async (store) => castVotes(await setUpArena(store), 2))
    const file = join(dir.folder, 'no-backup')
    writeFileSync(file, 'not a database')
    await expect(restoreStore({ dataDir: dir.path, databaseUrl: undefined }, file)).rejects.toMatchObject({
      reason: 'corrupt',
    })
    await withStore(dir, async (store) => expect(await readLog(store, 2)).toHaveLength(2))
  })

  test('is not restored under a running server', async () => {
    await withStore(dir, async (store) => {
      const file = join(dir.folder, 'backup.sqlite')
      await store.backup(file)
      await expect(restoreStore({ dataDir: dir.path, databaseUrl: undefined }, file)).rejects.toMatchObject({
        reason: 'locked',
      })
    })
  })
})
