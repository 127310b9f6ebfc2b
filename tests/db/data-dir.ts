import { join } from 'node:path'
import { openStore } from '../../db/open-store.ts'
import type { Store } from '../../db/store.ts'
import { readLedger } from '../support/ledger.ts'
import { makeScratchFolder } from '../support/scratch-folder.ts'
import { readLog, readyBattle, voteOn, type Arena } from './arena-facts.ts'

/** An arena in a folder of its own, and the ledger of the processes that vote in it. */
export interface DataDir {
  /** Around the arena: for backups, ledgers and the like. */
  readonly folder: string
  readonly path: string
  readonly database: string
  readonly ledger: string
  remove(): void
}

export function makeDataDir(): DataDir {
  const { path: folder, remove } = makeScratchFolder()
  return { ...describeDataDir(folder, join(folder, 'data')), remove }
}

/** Another place for an arena in the same folder. */
export function describeDataDir(folder: string, path: string): Omit<DataDir, 'remove'> {
  return { folder, path, database: join(path, 'ringside.sqlite'), ledger: join(folder, 'ledger') }
}

export const openIn = ({ path }: Pick<DataDir, 'path'>) =>
  openStore({ dataDir: path, databaseUrl: undefined, nodeId: 'node-one' })

/** Opens the arena, lets something happen to it and closes it. */
export async function withStore<T>(dir: Pick<DataDir, 'path'>, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openIn(dir)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Casts votes one after the other; returns their ids. */
export async function castVotes(arena: Arena, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let cast = 0; cast < count; cast += 1) {
    const vote = voteOn(await readyBattle(arena))
    await arena.store.recordVote(vote)
    ids.push(vote.id)
  }
  return ids
}

export interface Settlement {
  /** Acknowledged and not in the log. */
  readonly lost: string[]
  /** In the log and never sent. */
  readonly ghosts: string[]
  /** In the log more than once. */
  readonly doubled: number
  readonly found: number
  readonly acknowledged: number
}

/** Compares what the voting processes wrote down with what is in the log. */
export async function settle(dir: DataDir): Promise<Settlement> {
  const votes = readLedger(dir.ledger)
  const acknowledged = votes.get('acknowledged') ?? []
  const sent = new Set(votes.get('sent'))
  const found = await withStore(dir, async (store) => (await readLog(store, 0)).map(({ id }) => id))
  const inLog = new Set<string>(found)
  return {
    lost: acknowledged.filter((id) => !inLog.has(id)),
    ghosts: found.filter((id) => !sent.has(id)),
    doubled: found.length - inLog.size,
    found: found.length,
    acknowledged: acknowledged.length,
  }
}
