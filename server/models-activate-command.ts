import { openStore } from '../db/open-store.ts'
import type { ModelRecord, Store } from '../db/store.ts'
import type { CommandStreams } from './commands.ts'
import { readConfig } from './config.ts'

/**
 * `ringside models activate NAME…`: lets models that came in paused, as imported ones do, take part in battles.
 * All of them or none: a name that no model has changes nothing.
 */
export async function activateModels(
  names: readonly string[],
  { environment, stdout, stderr }: CommandStreams,
): Promise<number> {
  if (names.length === 0 || names.some((name) => name.startsWith('--'))) {
    stderr.write('Usage: ringside models activate NAME…\n')
    return 2
  }
  const config = readConfig(environment)
  const store = await openStore({
    dataDir: config.DATA_DIR,
    databaseUrl: config.DATABASE_URL,
    nodeId: 'models-activate',
  })
  try {
    return await activate(store, names, { stdout, stderr })
  } finally {
    await store.close()
  }
}

async function activate(
  store: Pick<Store, 'listModels' | 'setModelStatus'>,
  names: readonly string[],
  { stdout, stderr }: Pick<CommandStreams, 'stdout' | 'stderr'>,
): Promise<number> {
  const models = new Map((await store.listModels()).map((model) => [model.name, model]))
  const unknown = names.filter((name) => !models.has(name))
  if (unknown.length > 0) {
    const known = [...models.keys()].join(', ')
    stderr.write(`No model is called ${unknown.join(', ')}. There are: ${known === '' ? 'none' : known}\n`)
    return 1
  }
  const chosen = [...new Set(names)].flatMap((name) => models.get(name) ?? [])
  await store.setModelStatus(
    chosen.map(({ id }) => id),
    'active',
  )
  stdout.write(chosen.map((model) => `${describe(model)}\n`).join(''))
  return 0
}

/** A model without an endpoint never answers anything new. */
function describe({ name, endpoint }: ModelRecord): string {
  return endpoint === null ? `${name} is active in prepared battles` : `${name} is active`
}
