import type { StoreLogger } from '../engine.ts'
import { GrowthBell } from '../growth-bell.ts'
import { LogRowParser } from '../log-labels.ts'
import { listModels } from '../model-queries.ts'
import type { VoteLogReader } from '../store.ts'
import { Connections, toDatabase } from './connections.ts'
import { Doorbell } from './doorbell.ts'
import { translateError } from './postgres-errors.ts'
import { schema } from './schema.ts'
import { readVoteLogPage } from './vote-log-reader.ts'

const READER_POOL_SIZE = 2

/** Opens the log for reading on connections of its own, beside the servers that write it. */
export async function openPostgresLogReader(url: string, logger: StoreLogger): Promise<VoteLogReader> {
  const connections = new Connections({ url, name: 'ringside reader', size: READER_POOL_SIZE, logger })
  const parser = new LogRowParser()
  const bell = new GrowthBell(logger)
  const doorbell = new Doorbell({ url, name: 'ringside reader doorbell', bell, logger })
  await doorbell.start().catch(async (error: unknown) => {
    await connections.close()
    throw translateError(error)
  })
  return {
    readVoteLog: (cursor, limit) => connections.read((client) => readVoteLogPage(client, { cursor, limit, parser })),
    listModels: () => connections.read((client) => listModels(toDatabase(client), schema)),
    onVoteLogGrowth: (listener) => bell.listen(listener),
    close: async () => {
      await doorbell.close()
      await connections.close()
    },
  }
}
