import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSourceTree } from './support/source-tree.ts'

const root = new URL('..', import.meta.url).pathname
const pages = [...readSourceTree(root)].filter(([path]) => path.endsWith('.md'))
const OUR_FOLDERS = /^(contract|ranking|db|server|web|migrations|tests|bench|docs|scripts)\//

/** Paths in backticks that begin with a folder of ours; placeholders and patterns are not paths. */
function namedPaths(text: string): string[] {
  return [...text.matchAll(/`([\w@./-]+)`/g)]
    .map(([, path]) => path ?? '')
    .filter((path) => OUR_FOLDERS.test(path) && !path.includes('NNNN'))
}

/** Targets of links within the repository, from its root. */
function linkedPaths(page: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => posix.join(posix.dirname(page), target))
}

function namedScripts(text: string): string[] {
  return [...text.matchAll(/\bnpm run (?:--silent |-s )?([a-z][\w:-]*)/g)].map(([, script]) => script ?? '')
}

describe.each(pages)('%s', (page, text) => {
  test('names only files that exist', () => {
    expect([...namedPaths(text), ...linkedPaths(page, text)].filter((path) => !existsSync(join(root, path)))).toEqual(
      [],
    )
  })

  test('names only commands that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    )
    expect(namedScripts(text).filter((script) => !(script in scripts))).toEqual([])
  })
})

test('there are pages to check, and a made-up path in one would be found', () => {
  expect(pages.map(([page]) => page)).toEqual(expect.arrayContaining(['CONTRIBUTING.md', 'docs/architecture.md']))
  expect(namedPaths('see `server/nowhere.ts`, `voteId` and `docs/x`')).toEqual(['server/nowhere.ts', 'docs/x'])
  expect(linkedPaths('docs/a.md', '[b](b.md#c) and [d](../server/e.ts), not [f](https://f.example)')).toEqual([
    'docs/b.md',
    'server/e.ts',
  ])
  expect(namedScripts('`npm run --silent ringside -- rank`, npm run check')).toEqual(['ringside', 'check'])
})
