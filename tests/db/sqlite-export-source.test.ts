import { describe } from 'vitest'
import { openExportSource, openStore } from '../../db/open-store.ts'
import { makeScratchFolder } from '../support/scratch-folder.ts'
import { describeExportSource } from './export-source.suite.ts'

describe('exports of an arena in a file', () => {
  describeExportSource(async () => {
    const folder = makeScratchFolder()
    const location = { dataDir: folder.path, databaseUrl: undefined }
    return {
      open: () => openStore({ ...location, nodeId: 'node-one' }),
      openSource: () => openExportSource(location),
      remove: async () => folder.remove(),
    }
  })
})
