import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, posix } from 'node:path'
import { parseSync } from 'vite'

/** Text by path from the root of the repository, with forward slashes. */
export type SourceTree = ReadonlyMap<string, string>

export interface ImportStatement {
  /** Path from the root for our own files, the specifier as written for packages. */
  readonly target: string
  readonly isOurs: boolean
  /** Nothing is left of it when the program runs. */
  readonly isTypeOnly: boolean
}

/** Installed, built or made while running: none of it is written by us. */
const NOT_OURS = new Set(['node_modules', 'dist', 'data', '.git', '.cache', 'coverage'])
const BINARY = new Set(['.png', '.jpg', '.webp', '.ico', '.woff2', '.gz', '.br', '.parquet', '.sqlite', '.db'])

/** Every text file of the repository, whether committed yet or not. */
export function readSourceTree(root: string): SourceTree {
  const tree = new Map<string, string>()
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name)
      if (entry.isDirectory() && !NOT_OURS.has(entry.name)) visit(path)
      if (entry.isFile() && !BINARY.has(extname(entry.name))) tree.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  visit('')
  return tree
}

export function isCode(path: string): boolean {
  return ['.ts', '.tsx', '.mjs'].includes(extname(path))
}

/** Imports and re-exports, static and dynamic, and types taken by an import in their place. */
export function listImports(path: string, text: string): ImportStatement[] {
  const { module, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path} cannot be parsed: ${errors[0].message}`)
  const imports = module.staticImports.map(({ moduleRequest, entries }) =>
    toImport(path, moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType)),
  )
  const exports = module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ moduleRequest, isType }) => (moduleRequest ? [toImport(path, moduleRequest.value, isType)] : []))
  // The parser's record leaves out an import in the place of a type, so these are found in the text.
  const called = [...text.matchAll(/\bimport\(\s*(['"])([^'"]+)\1\s*\)/g)].map(([, , target]) => target ?? '')
  return [...imports, ...exports, ...called.map((target) => toImport(path, target, false))]
}

function toImport(from: string, specifier: string, isTypeOnly: boolean): ImportStatement {
  const isOurs = specifier.startsWith('.')
  // A bundler's suffix, as in `./logo.svg?raw`, says how the file is read, not which one.
  const target = isOurs ? posix.join(posix.dirname(from), specifier.replace(/\?.*$/, '')) : specifier
  return { target, isOurs, isTypeOnly }
}

/** Names and whole texts that the code itself uses; comments are not among them. */
export function listWords(path: string, text: string): { name: string; isText: boolean }[] {
  const words: { name: string; isText: boolean }[] = []
  const visit = (node: unknown) => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (typeof node !== 'object' || node === null) return
    const { type, name, value } = node as { type?: unknown; name?: unknown; value?: unknown }
    if (type === 'Identifier' && typeof name === 'string') words.push({ name, isText: false })
    if (type === 'Literal' && typeof value === 'string') words.push({ name: value, isText: true })
    Object.values(node).forEach(visit)
  }
  visit(parseSync(path, text).program.body)
  return words
}
