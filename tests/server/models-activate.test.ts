import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../db/open-store.ts'
import { activateModels } from '../../server/models-activate-command.ts'
import { modelOf } from '../db/arena-facts.ts'
import { KeptText } from '../support/kept-text.ts'
import { makeScratchFolder } from '../support/scratch-folder.ts'

let folder: ReturnType<typeof makeScratchFolder>
beforeEach(async () => {
  folder = makeScratchFolder()
  await withStore((store) =>
    store.upsertModels([
      modelOf('owl', { status: 'paused', endpoint: null }),
      modelOf('fox', { status: 'paused' }),
      modelOf('elk', { status: 'paused' }),
    ]),
  )
})
afterEach(() => folder.remove())

async function withStore<T>(work: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>): Promise<T> {
  const store = await openStore({ dataDir: folder.path, databaseUrl: undefined, nodeId: 'test' })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function activate(...names: string[]) {
  const [stdout, stderr] = [new KeptText(), new KeptText()]
  const environment = { DATA_DIR: folder.path }
  const code = await activateModels(names, { environment, stdin: Readable.from([]), stdout, stderr })
  const models = await withStore((store) => store.listModels())
  const active = models.filter(({ status }) => status === 'active').map(({ name }) => name)
  return { code, stdout: stdout.text, stderr: stderr.text, active }
}

describe('paused models', () => {
  test('the ones that are named take part in battles from now on', async () => {
    const { code, stdout, active } = await activate('owl', 'fox')
    expect({ code, active }).toEqual({ code: 0, active: ['fox', 'owl'] })
    expect(stdout).toBe('owl is active in prepared battles\nfox is active\n')
  })

  test('a name that no model has leaves all of them as they were', async () => {
    const { code, stderr, active } = await activate('owl', 'wolf')
    expect({ code, active }).toEqual({ code: 1, active: [] })
    expect(stderr).toBe('No model is called wolf. There are: elk, fox, owl\n')
  })

  test('nobody is named: the usage is shown', async () => {
    expect(await activate()).toMatchObject({ code: 2, active: [] })
  })
})
