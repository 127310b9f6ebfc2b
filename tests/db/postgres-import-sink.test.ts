import { afterAll, describe, test } from 'vitest'
import { openStore, openVoteLogReader } from '../../db/open-store.ts'
import { startPostgres } from '../support/postgres.ts'
import { describeImportSink } from './import-sink.suite.ts'

const postgres = await startPostgres()

if ('skipReason' in postgres) {
  test.skip(`imports into an arena on a PostgreSQL server: ${postgres.skipReason}`, () => undefined)
} else {
  afterAll(() => postgres.stop())

  describe('imports into an arena on a PostgreSQL server', () => {
    describeImportSink(async () => {
      const location = { dataDir: '/nowhere', databaseUrl: await postgres.createDatabase() }
      return {
        open: () => openStore({ ...location, nodeId: 'node-one' }),
        openReader: () => openVoteLogReader(location),
        remove: async () => undefined,
      }
    })
  })
}
