import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeArena, type Arena, type Overrides } from '../../server/compose.ts'
import { readConfig } from '../../server/config.ts'
import { ArenaClient } from './arena-client.ts'

export interface TestArena extends Arena {
  readonly url: string
  readonly dataDir: string
  readonly settings: Readonly<Record<string, string>>
  join(): Promise<ArenaClient>
}

export interface TestArenaOptions extends Overrides {
  /** Written as a MODELS_FILE. */
  readonly models?: readonly { name: string; baseUrl: string; model: string; [field: string]: unknown }[]
  readonly settings?: Readonly<Record<string, string>>
  readonly dataDir?: string
}

/** The real server on a real file and a free loopback port, silent, with nothing configured but what a test says. */
export async function testArena({
  models,
  settings = {},
  dataDir,
  ...overrides
}: TestArenaOptions = {}): Promise<TestArena> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'ringside-test-')))
  const environment: Record<string, string> = {
    PORT: '0',
    DATA_DIR: folder,
    LOG_LEVEL: 'silent',
    OLLAMA_HOST: 'http://127.0.0.1:9',
    DRAIN_MS: '0',
    SESSIONS_PER_MINUTE: '100000',
    PAIRS_PER_MINUTE: '100000',
    ...settings,
  }
  if (models) {
    environment.MODELS_FILE = join(folder, 'models.json')
    await writeFile(environment.MODELS_FILE, JSON.stringify({ models }))
  }
  const arena = await composeArena(readConfig(environment), { environment, ...overrides })
  await arena.app.listen({ port: 0, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${(arena.app.server.address() as AddressInfo).port}`
  while (!(await fetch(`${url}/readyz`)).ok) await new Promise((resolve) => setTimeout(resolve, 20))
  const clients: ArenaClient[] = []
  return {
    ...arena,
    url,
    dataDir: folder,
    settings,
    join: async () => {
      const client = await ArenaClient.join(url)
      clients.push(client)
      return client
    },
    close: async () => {
      for (const client of clients) client.drop()
      await arena.close()
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}
