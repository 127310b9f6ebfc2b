import { afterAll, describe, test } from 'vitest'
import { openExportSource, openStore } from '../../db/open-store.ts'
import { startPostgres } from '../support/postgres.ts'
import { describeExportSource } from './export-source.suite.ts'

const postgres = await startPostgres()

if ('skipReason' in postgres) {
  test.skip(`exports of an arena on a PostgreSQL server: ${postgres.skipReason}`, () => undefined)
} else {
  afterAll(() => postgres.stop())

  describe('exports of an arena on a PostgreSQL server', () => {
    describeExportSource(async () => {
      const location = { dataDir: '/nowhere', databaseUrl: await postgres.createDatabase() }
      return {
        open: () => openStore({ ...location, nodeId: 'node-one' }),
        openSource: () => openExportSource(location),
        remove: async () => undefined,
      }
    })
  })
}
