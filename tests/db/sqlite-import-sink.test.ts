import { describe } from 'vitest'
import { openStore, openVoteLogReader } from '../../db/open-store.ts'
import { makeScratchFolder } from '../support/scratch-folder.ts'
import { describeImportSink } from './import-sink.suite.ts'

describe('imports into an arena in a file', () => {
  describeImportSink(async () => {
    const folder = makeScratchFolder()
    const location = { dataDir: folder.path, databaseUrl: undefined }
    return {
      open: () => openStore({ ...location, nodeId: 'node-one' }),
      openReader: () => openVoteLogReader(location),
      remove: async () => folder.remove(),
    }
  })
})
