import { describe } from 'vitest'
import { openStore, openVoteLogReader } from '../../db/open-store.ts'
import { makeScratchFolder } from '../support/scratch-folder.ts'
import { describeStore } from './store.suite.ts'

describe('an arena in a file', () => {
  describeStore(async () => {
    const folder = makeScratchFolder()
    const location = { dataDir: folder.path, databaseUrl: undefined }
    return {
      open: () => openStore({ ...location, nodeId: 'node-one' }),
      openReader: () => openVoteLogReader(location),
      remove: async () => folder.remove(),
    }
  })
})
