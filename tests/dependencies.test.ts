import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isCode, listImports, readSourceTree } from './support/source-tree.ts'

const root = new URL('..', import.meta.url).pathname
const tree = readSourceTree(root)
const { dependencies, devDependencies } = readManifest()

function readManifest(): { dependencies: string[]; devDependencies: string[] } {
  const manifest: { dependencies: object; devDependencies: object } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  return { dependencies: Object.keys(manifest.dependencies), devDependencies: Object.keys(manifest.devDependencies) }
}

/** `@scope/name` of `@scope/name/deep/path`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function packagesImportedBy(isMeant: (path: string) => boolean, withTypes: boolean): Set<string> {
  const packages = new Set<string>()
  for (const [path, text] of tree) {
    if (!isCode(path) || !isMeant(path)) continue
    for (const { target, isOurs, isTypeOnly } of listImports(path, text)) {
      if (!isOurs && !target.startsWith('node:') && (withTypes || !isTypeOnly)) packages.add(packageOf(target))
    }
  }
  return packages
}

/** Used by name and not by import: commands, what another package looks for, what a style sheet or page takes. */
function isNamedElsewhere(name: string): boolean {
  const places = ['scripts/', 'migrations/', 'web/', 'package.json', 'vitest.config.ts', '.oxlintrc.json']
  const quoted = new RegExp(`['"(/]${name}['")/]`)
  return [...tree].some(
    ([path, text]) =>
      places.some((place) => path.startsWith(place)) &&
      quoted.test(path === 'package.json' ? text.replace(/"(dev)?[dD]ependencies": \{[^}]*\}/g, '') : text),
  )
}

describe('package.json', () => {
  test('everything that runs on the server is installed where it runs', () => {
    const isServer = (path: string) => /^(server|db|contract|ranking)\//.test(path)
    // From source, threads learn to read TypeScript; built code never asks for it.
    const needed = [...packagesImportedBy(isServer, false)].filter((name) => name !== 'tsx')
    expect(needed.filter((name) => !dependencies.includes(name))).toEqual([])
  })

  test('nothing is installed that nobody uses', () => {
    const imported = packagesImportedBy(() => true, true)
    const unused = [...dependencies, ...devDependencies].filter(
      (name) => !name.startsWith('@types/') && !imported.has(name) && !isNamedElsewhere(name),
    )
    // The lint's rules about types, which oxlint finds by itself.
    expect(unused.filter((name) => name !== 'oxlint-tsgolint')).toEqual([])
  })

  test('nothing is used that is not named there', () => {
    const named = [...dependencies, ...devDependencies]
    expect([...packagesImportedBy(() => true, true)].filter((name) => !named.includes(name))).toEqual([])
  })
})

test('docs/dependencies.md says of every package what it does, why it, and what it costs', () => {
  const rows = [...readFileSync(join(root, 'docs/dependencies.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm)]
  const described = rows.map(([, name]) => name)
  expect(new Set(described)).toEqual(new Set([...dependencies, ...devDependencies]))
  expect(new Set(described).size).toBe(described.length)
})
