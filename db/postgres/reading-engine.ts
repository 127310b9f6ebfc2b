import type { ReadingEngine, StoreLogger } from '../engine.ts'
import { LogRowParser } from '../log-labels.ts'
import { Connections, isAnyOf, toDatabase } from './connections.ts'
import { schema } from './schema.ts'
import { findLogEnd, readBattleLog, readVoteLogPage } from './vote-log-reader.ts'

const POOL_SIZE = 1

/** Opens an arena for reading on a connection of its own, beside the servers that write it. */
export function openPostgresReadingEngine(url: string, logger: StoreLogger): ReadingEngine {
  const connections = new Connections({ url, name: 'ringside export', size: POOL_SIZE, logger })
  const parser = new LogRowParser()
  return {
    schema,
    isAnyOf,
    read: (work) => connections.read((client) => work(toDatabase(client))),
    readVoteLog: (cursor, limit) => connections.read((client) => readVoteLogPage(client, { cursor, limit, parser })),
    findLogEnd: () => connections.read(findLogEnd),
    readBattleLog: (battleIds, upTo) =>
      connections.read((client) => readBattleLog(client, { battleIds, upTo, parser })),
    close: () => connections.close(),
  }
}
