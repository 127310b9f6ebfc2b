import { describe, expect, test } from 'vitest'
import {
  findEngineNames,
  findForbiddenImports,
  findRegistryHosts,
  findVagueNames,
} from './support/architecture-rules.ts'
import { readSourceTree } from './support/source-tree.ts'

const ours = readSourceTree(new URL('..', import.meta.url).pathname)

/** Complaints about one invented file, beside two contract files as they are. */
function complaintsAbout(path: string, text: string): string[] {
  const tree = new Map([
    ['contract/outcome.ts', `export const OUTCOMES = ['a']`],
    [
      'contract/battle.ts',
      `import { z } from 'zod'\nimport { OUTCOMES } from './outcome.ts'\nexport const Outcome = z.enum(OUTCOMES)`,
    ],
    [
      'contract/frames.ts',
      `import { Outcome } from './battle.ts'\nexport const Frame = Outcome\nexport const VERSION = 1`,
    ],
    [path, text],
  ])
  return findForbiddenImports(tree)
}

test('the tree holds the code that the rules are about', () => {
  const folders = new Set([...ours.keys()].map((path) => path.split('/')[0]))
  for (const folder of ['contract', 'ranking', 'db', 'server', 'web', 'scripts', 'tests'])
    expect(folders).toContain(folder)
})

describe('imports', () => {
  test('every import goes through a door of the house', () => {
    expect(findForbiddenImports(ours)).toEqual([])
  })

  test('the contract reads nothing of ours', () => {
    expect(complaintsAbout('contract/vote.ts', `import type { Store } from '../db/store.ts'`)).toEqual([
      'contract/vote.ts imports db/store.ts: contract/ may import zod and its own folder, so that every side can read it',
    ])
    expect(complaintsAbout('contract/vote.ts', `import { z } from 'zod'\nexport * from './outcome.ts'`)).toEqual([])
  })

  test.each(['node:fs', 'zod', '../contract/outcome.ts'])('ranking cannot reach %s', (specifier) => {
    expect(complaintsAbout('ranking/elo.ts', `import { x } from '${specifier}'`)).toHaveLength(1)
  })

  test('the store may know the types of the ranking, not its code', () => {
    expect(complaintsAbout('db/store.ts', `import type { PairCounts } from '../ranking/counts.ts'`)).toEqual([])
    expect(complaintsAbout('db/store.ts', `import { fit } from '../ranking/fit.ts'`)).toHaveLength(1)
    expect(complaintsAbout('db/store.ts', `import { AppError } from '../server/app-error.ts'`)).toHaveLength(1)
  })

  test('an engine is opened only in its own folder', () => {
    const opens = `import Database from 'better-sqlite3'`
    expect(complaintsAbout('db/sqlite/open.ts', opens)).toEqual([])
    expect(complaintsAbout('db/queries.ts', opens)).toHaveLength(1)
    expect(complaintsAbout('server/votes/vote-service.ts', opens)).toHaveLength(1)
    expect(complaintsAbout('db/postgres/open.ts', `import { drizzle } from 'drizzle-orm/node-postgres'`)).toEqual([])
    expect(complaintsAbout('db/queries.ts', `import { drizzle } from 'drizzle-orm/node-postgres'`)).toHaveLength(1)
    expect(complaintsAbout('server/compose.ts', `import { sql } from 'drizzle-orm'`)).toHaveLength(1)
  })

  test('a feature cannot import another feature, not even a type of it', () => {
    const file = 'server/votes/vote-service.ts'
    expect(complaintsAbout(file, `import { pickPair } from '../battles/pairing.ts'`)).toEqual([
      'server/votes/vote-service.ts imports server/battles/pairing.ts: features do not import each other: they meet in server/compose.ts',
    ])
    expect(complaintsAbout(file, `import type { Pair } from '../battles/pairing.ts'`)).toHaveLength(1)
    expect(complaintsAbout(file, `export { pickPair } from '../battles/pairing.ts'`)).toHaveLength(1)
    expect(complaintsAbout(file, `const pairing = await import('../battles/pairing.ts')`)).toHaveLength(1)
    expect(complaintsAbout(file, `type Pair = import('../battles/pairing.ts').Pair`)).toHaveLength(1)
  })

  test.each([
    '../../contract/outcome.ts',
    '../../ranking/fit.ts',
    '../../db/store.ts',
    '../app-error.ts',
    '../config.ts',
    '../clock.ts',
    '../categories/categorise.ts',
    '../providers/provider.ts',
    '../realtime/hub.ts',
    './vote-messages.ts',
  ])('a feature may import %s', (specifier) => {
    expect(complaintsAbout('server/votes/vote-service.ts', `import { x } from '${specifier}'`)).toEqual([])
  })

  test.each(['../../db/open-store.ts', '../compose.ts', '../providers/openai-provider.ts', '../../web/api.ts'])(
    'a feature may not import %s',
    (specifier) => {
      expect(complaintsAbout('server/votes/vote-service.ts', `import { x } from '${specifier}'`)).toHaveLength(1)
    },
  )

  test('what every feature leans on leans on no feature', () => {
    expect(complaintsAbout('server/config.ts', `import { x } from './votes/vote-service.ts'`)).toHaveLength(1)
    expect(
      complaintsAbout('server/categories/categorise.ts', `import { x } from '../votes/vote-service.ts'`),
    ).toHaveLength(1)
  })

  test('only the wiring knows two features at once', () => {
    const both = `import { a } from './votes/vote-service.ts'\nimport { b } from './battles/battle-service.ts'`
    expect(complaintsAbout('server/compose.ts', both)).toEqual([])
    expect(complaintsAbout('server/clock.ts', both)).toHaveLength(2)
  })

  test('the page takes types from the whole contract and values only where no zod comes along', () => {
    expect(complaintsAbout('web/socket.ts', `import type { Frame } from '../contract/frames.ts'`)).toEqual([])
    expect(complaintsAbout('web/socket.ts', `import { OUTCOMES } from '../contract/outcome.ts'`)).toEqual([])
    expect(complaintsAbout('web/socket.ts', `import { type Outcome } from '../contract/battle.ts'`)).toEqual([])
    expect(complaintsAbout('web/socket.ts', `import { Outcome } from '../contract/battle.ts'`)).toHaveLength(1)
    expect(complaintsAbout('web/socket.ts', `import { VERSION } from '../contract/frames.ts'`)).toEqual([
      'web/socket.ts imports contract/frames.ts: this file brings zod into the page: import types from it, and values only from contract files without zod',
    ])
  })

  test.each(['../server/app-error.ts', '../ranking/fit.ts', '../db/store.ts', 'node:fs', 'zod'])(
    'the page cannot import %s',
    (specifier) => {
      expect(complaintsAbout('web/page.tsx', `import { x } from '${specifier}'`)).toHaveLength(1)
    },
  )

  test('a worker opens a store of its own', () => {
    const opens = `import { openReader } from '../../db/open-store.ts'`
    expect(complaintsAbout('server/leaderboard/board-worker.ts', opens)).toEqual([])
    expect(complaintsAbout('server/leaderboard/board-keeper.ts', opens)).toHaveLength(1)
  })

  test('scripts that run before the installation need no package', () => {
    expect(complaintsAbout('scripts/start.mjs', `import { x } from 'vite'`)).toHaveLength(1)
    expect(complaintsAbout('scripts/start.mjs', `import { x } from './build.mjs'\nimport 'node:fs'`)).toEqual([])
  })
})

describe('engines', () => {
  test('no code outside the engines says which engine there is', () => {
    expect(findEngineNames(ours)).toEqual([])
  })

  test('a branch on the engine is found, a sentence about it is not', () => {
    const about = (path: string, text: string) => findEngineNames(new Map([[path, text]]))
    expect(about('db/queries.ts', `if (dialect === 'sqlite') run()`)).toHaveLength(1)
    expect(about('db/queries.ts', `const isPostgres = true`)).toHaveLength(1)
    expect(about('db/queries.ts', `const pgTable = 1`)).toHaveLength(1)
    expect(about('db/sqlite/open.ts', `const engine = 'sqlite'`)).toEqual([])
    expect(about('server/config.ts', `/* sqlite */ const doc = 'Empty: SQLite in DATA_DIR.'`)).toEqual([])
    expect(about('tests/db/both.ts', `const engine = 'sqlite'`)).toEqual([])
  })
})

describe('names', () => {
  test('every file is named after what it holds', () => {
    expect(findVagueNames(ours.keys())).toEqual([])
  })

  test.each([
    'server/votes/utils.ts',
    'web/battle-helpers.ts',
    'db/common/rows.ts',
    'web/types.ts',
    'web/BattlePage.tsx',
  ])('%s is refused', (path) => {
    expect(findVagueNames([path])).toHaveLength(1)
  })

  test.each([
    'web/battle-page.tsx',
    'web/vite-env.d.ts',
    'tests/db/store.suite.ts',
    'vitest.config.ts',
    'ranking/prototypes.ts',
  ])('%s is a name', (path) => {
    expect(findVagueNames([path])).toEqual([])
  })
})

describe('registries', () => {
  test('no file says where packages come from', () => {
    expect(findRegistryHosts(ours)).toEqual([])
  })

  test.each([
    ['registry', 'example', 'org'],
    ['pypi', 'org'],
    ['ghcr', 'io'],
    ['docker', 'io'],
  ])('a host such as %s.%s is found', (...parts) => {
    expect(findRegistryHosts(new Map([['docs/install.md', `see https://${parts.join('.')}/x`]]))).toHaveLength(1)
  })
})
