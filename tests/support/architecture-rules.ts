import { basename, posix } from 'node:path'
import { isCode, listImports, listWords, type ImportStatement, type SourceTree } from './source-tree.ts'

/** What every feature may lean on, beside contract/, ranking/ and the store's port. */
const SHARED = [
  'server/app-error.ts',
  'server/config.ts',
  'server/clock.ts',
  'server/ids.ts',
  'server/rate-limit.ts',
  'server/thread.ts',
  'server/refusal.ts',
  'server/blind/',
  'server/categories/',
  'server/realtime/',
  'server/tabular/',
  'server/providers/provider.ts',
]

const ENGINE_PLACES = ['db/sqlite/', 'db/postgres/', 'db/open-store.ts', 'migrations/']
const ENGINE_PACKAGES = /^(better-sqlite3|pg|postgres)$|^drizzle-orm\/(sqlite|pg|better-sqlite|node-postgres|postgres)/
const VAGUE_NAME = /^(utils?|helpers?|common|misc|types?|shared|lib)$/
const KEBAB_CASE = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/
/** Written so that this file does not match itself. */
const REGISTRY_HOST =
  /\bregistry\.[a-z0-9-]+\.[a-z]+|\b(npmjs\.(org|com)|yarnpkg\.com|npmmirror\.com|pypi\.org|pythonhosted\.org|docker\.io|ghcr\.io|quay\.io|gcr\.io)\b/i

/** Every import that crosses the house where there is no door, in words. */
export function findForbiddenImports(tree: SourceTree): string[] {
  const zodFree = zodFreeContractFiles(tree)
  const complaints: string[] = []
  for (const [path, text] of tree) {
    if (!isCode(path)) continue
    for (const statement of listImports(path, text)) {
      const reason = refuse(path, statement, zodFree)
      if (reason) complaints.push(`${path} imports ${statement.target}: ${reason}`)
    }
  }
  return complaints
}

function refuse(path: string, statement: ImportStatement, zodFree: ReadonlySet<string>): string | undefined {
  const folder = path.split('/')[0]
  if (folder === 'contract') return refuseInContract(statement)
  if (folder === 'ranking') return refuseInRanking(statement)
  if (folder === 'db') return refuseInDb(path, statement)
  if (folder === 'server') return refuseInServer(path, statement)
  if (folder === 'web') return refuseInWeb(statement, zodFree)
  if (folder === 'scripts' && path.endsWith('.mjs')) return refuseInScripts(statement)
  return undefined
}

function refuseInContract({ target }: ImportStatement): string | undefined {
  if (target.startsWith('contract/') || target === 'zod') return undefined
  return 'contract/ may import zod and its own folder, so that every side can read it'
}

function refuseInRanking({ target }: ImportStatement): string | undefined {
  if (target.startsWith('ranking/')) return undefined
  return 'ranking/ may import its own folder alone: numbers in, numbers out'
}

function refuseInDb(path: string, { target, isOurs, isTypeOnly }: ImportStatement): string | undefined {
  if (ENGINE_PACKAGES.test(target) && !isWithin(path, ENGINE_PLACES)) {
    return `an engine is known only to ${ENGINE_PLACES.join(', ')}`
  }
  if (!isOurs || target.startsWith('db/') || target.startsWith('contract/')) return undefined
  if (target.startsWith('ranking/'))
    return isTypeOnly ? undefined : 'db/ may import the types of ranking/, not its code'
  return 'db/ may import contract/, types of ranking/ and its own folder'
}

function refuseInServer(path: string, { target, isOurs }: ImportStatement): string | undefined {
  if (ENGINE_PACKAGES.test(target) || target.startsWith('drizzle-orm')) {
    return 'the server speaks to db/store.ts; engines and query builders stay in db/'
  }
  if (!isOurs) return undefined
  if (!/^(server|contract|ranking|db)\//.test(target)) return 'the server imports neither the page nor tests nor tools'
  if (isWiring(path)) return undefined
  if (target.startsWith('db/') && target !== 'db/store.ts') {
    // A worker has connections of its own.
    if (target === 'db/open-store.ts' && path.endsWith('-worker.ts')) return undefined
    return 'stores are opened by what joins the features, and by workers; everything else knows db/store.ts'
  }
  if (!target.startsWith('server/') || isWithin(target, SHARED)) return undefined
  if (isWiring(target)) return 'what joins the features is not imported by them'
  const feature = featureOf(path)
  if (feature !== undefined && target.startsWith(feature)) return undefined
  return 'features do not import each other: they meet in server/compose.ts'
}

/**
 * What lies in server/ itself joins the features: the only files that may know two of them at once. Excepted are the few
 * that every feature leans on.
 */
function isWiring(path: string): boolean {
  return /^server\/[^/]+$/.test(path) && !isWithin(path, SHARED)
}

/** `server/votes/` for a file of that folder; nothing for a file that lies in server/ itself. */
function featureOf(path: string): string | undefined {
  const parts = path.split('/')
  return parts.length > 2 ? `${parts.slice(0, 2).join('/')}/` : undefined
}

function refuseInWeb(
  { target, isOurs, isTypeOnly }: ImportStatement,
  zodFree: ReadonlySet<string>,
): string | undefined {
  if (target.startsWith('node:')) return 'there is no Node in a browser'
  if (target === 'zod') return 'the page takes types from contract/ and leaves checking to the server'
  if (!isOurs || target.startsWith('web/')) return undefined
  if (!target.startsWith('contract/')) return 'web/ may import contract/ and its own folder'
  if (isTypeOnly || zodFree.has(target)) return undefined
  return 'this file brings zod into the page: import types from it, and values only from contract files without zod'
}

function refuseInScripts({ target }: ImportStatement): string | undefined {
  if (target.startsWith('node:') || target.startsWith('scripts/')) return undefined
  return 'scripts run before anything is installed: they may import Node and each other'
}

/** Contract files that stay free of zod however far one follows their imports. */
function zodFreeContractFiles(tree: SourceTree): ReadonlySet<string> {
  const values = new Map<string, string[]>()
  for (const [path, text] of tree) {
    if (!path.startsWith('contract/') || !isCode(path)) continue
    const statements = listImports(path, text).filter(({ isTypeOnly }) => !isTypeOnly)
    values.set(
      path,
      statements.map(({ target }) => target),
    )
  }
  const free = new Set(values.keys())
  for (let before = -1; before !== free.size;) {
    before = free.size
    for (const path of free) if (values.get(path)?.some((target) => !free.has(target))) free.delete(path)
  }
  return free
}

/** Names of engines in the code outside the places that are theirs; words in comments and in sentences are free. */
export function findEngineNames(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, text]) => {
    const isProduct = /^(contract|ranking|db|server|web)\//.test(path) && isCode(path)
    if (!isProduct || isWithin(path, ENGINE_PLACES)) return []
    const names = new Set(
      listWords(path, text)
        .filter(isEngineName)
        .map(({ name }) => name),
    )
    return [...names].map((name) => `${path} says "${name}": engines are named only in ${ENGINE_PLACES.join(', ')}`)
  })
}

function isEngineName({ name, isText }: { name: string; isText: boolean }): boolean {
  if (isText) return /^(sqlite3?|better-sqlite3|postgres(ql)?|pg|pglite)$/i.test(name)
  return /sqlite|postgres|^pg([A-Z]|$)/i.test(name)
}

export function findVagueNames(paths: Iterable<string>): string[] {
  return [...paths].filter(isCode).flatMap((path) => {
    const words = path.replace(/\.[^/]*$/, '').split(/[/-]/)
    const vague = words.find((word) => VAGUE_NAME.test(word))
    if (vague) return [`${path}: "${vague}" says nothing; name the file after its idea`]
    if (!KEBAB_CASE.test(basename(path))) return [`${path}: file names are written in kebab-case`]
    return []
  })
}

export function findRegistryHosts(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, text]) => {
    const host = REGISTRY_HOST.exec(text)?.[0]
    return host
      ? [`${path} names the registry host ${host}: where packages come from is the machine's own setting`]
      : []
  })
}

function isWithin(path: string, places: readonly string[]): boolean {
  return places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === posix.normalize(place)))
}
