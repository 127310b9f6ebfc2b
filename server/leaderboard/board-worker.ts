import { once } from 'node:events'
import { parentPort } from 'node:worker_threads'
import { z } from 'zod'
import { openVoteLogReader } from '../../db/open-store.ts'
import { BoardKeeper, type BoardChanges } from './board-keeper.ts'

/** The entry of the worker thread: follows the vote log on a connection of its own and computes boards from it. */

export const WorkerSettings = z.strictObject({
  dataDir: z.string(),
  databaseUrl: z.string(),
  /** Sample models are on no board while the sample arena is off. */
  showSample: z.boolean(),
  /** Boards are refitted at most this often. */
  refitEveryMs: z.number(),
})
export type WorkerSettings = z.infer<typeof WorkerSettings>

export type WorkerMessage =
  | { readonly type: 'changed'; readonly changes: BoardChanges }
  | { readonly type: 'caught-up' }

const PAGE = 5_000

async function follow(settings: WorkerSettings, port: NonNullable<typeof parentPort>): Promise<void> {
  const reader = await openVoteLogReader(settings)
  const keeper = new BoardKeeper({ isShown: ({ sample }) => settings.showSample || !sample })
  let cursor: string | null = null
  let rung = true
  let working = false
  let stopped = false

  const readOn = async () => {
    for (;;) {
      const page = await reader.readVoteLog(cursor, PAGE)
      if (page.entries.some((entry) => !keeper.knows(entry))) keeper.replaceModels(await reader.listModels())
      keeper.fold(page.entries, page.cursor)
      cursor = page.cursor
      if (page.entries.length < PAGE) return
    }
  }
  const publish = () => {
    const changes = keeper.refit()
    if (changes.boards.length > 0) port.postMessage({ type: 'changed', changes } satisfies WorkerMessage)
  }
  const work = async () => {
    if (working) return
    working = true
    while (rung && !stopped) {
      rung = false
      await readOn()
      publish()
      await new Promise((resolve) => setTimeout(resolve, settings.refitEveryMs))
    }
    working = false
    if (stopped) await reader.close().finally(() => port.close())
  }
  const ring = () => {
    rung = true
    work().catch((error: unknown) => {
      // The thread must not go on with half a board: it ends, and the service starts another one.
      throw error
    })
  }

  keeper.replaceModels(await reader.listModels())
  await readOn()
  publish()
  port.postMessage({ type: 'caught-up' } satisfies WorkerMessage)
  port.on('message', (message: unknown) => {
    if (message === 'ring') return ring()
    stopped = true
    rung = false
    return working ? undefined : void reader.close().finally(() => port.close())
  })
}

if (parentPort) {
  // The thread loads while the server connects its models; only then is it known which of them are shown.
  const [settings] = (await once(parentPort, 'message')) as [unknown]
  if (settings === 'stop') parentPort.close()
  else await follow(WorkerSettings.parse(settings), parentPort)
}
