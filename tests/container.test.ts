import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DCLinter } from 'dclint'
import { describe, expect, test } from 'vitest'
import { describeSettings } from '../server/config.ts'
import { makeScratchFolder } from './support/scratch-folder.ts'

const root = new URL('..', import.meta.url).pathname
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** What the compose schema has to say about a file; questions of style are ours. */
function schemaComplaints(file: string): string[] {
  const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] })
  // The package's types do not resolve under NodeNext, so what is used of them is said here.
  const results: readonly { messages: readonly { rule: string; message: string }[] }[] = linter.lintFiles([file], false)
  expect(results).toHaveLength(1)
  return results
    .flatMap(({ messages }) => messages)
    .filter(({ rule }) => rule === 'invalid-schema' || rule === 'invalid-yaml')
    .map(({ message }) => message)
}

describe('docker-compose.yml', () => {
  test('keeps to the compose schema', () => {
    expect(schemaComplaints(join(root, 'docker-compose.yml'))).toEqual([])
  })

  test('would be refused with a misspelt key', () => {
    const scratch = makeScratchFolder()
    const misspelt = join(scratch.path, 'docker-compose.yml')
    writeFileSync(
      misspelt,
      read('docker-compose.yml').replace('  restart: unless-stopped', '  restrat: unless-stopped'),
    )
    expect(schemaComplaints(misspelt).length).toBeGreaterThan(0)
    scratch.remove()
  })

  test('every setting it passes on exists', () => {
    const settings = /x-settings: &settings\n((?: {2}.*\n)+)/.exec(read('docker-compose.yml'))?.[1] ?? ''
    const names = [...settings.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name)
    expect(names.length).toBeGreaterThan(5)
    const known = describeSettings().map(({ name }) => name)
    expect(known).toEqual(expect.arrayContaining(names))
  })

  test('nothing is reachable from other machines unless somebody says so', () => {
    const ports = [...read('docker-compose.yml').matchAll(/ports: \['([^']+)'\]/g)].map(([, port]) => port)
    expect(ports.length).toBeGreaterThan(0)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })
})

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n')
  const lastStage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))

  test('what runs is not root, says how it is, and gets signals itself', () => {
    expect(lastStage).toContain('USER node')
    expect(lastStage.findIndex((line) => line.startsWith('HEALTHCHECK'))).toBeGreaterThan(0)
    expect(lastStage).toContain('CMD ["node", "dist/server/main.js"]')
  })

  test('no base image is fixed', () => {
    const bases = lines.filter((line) => line.startsWith('FROM '))
    expect(bases.length).toBe(3)
    for (const base of bases) expect(base).toMatch(/^FROM (\$\{NODE_IMAGE\}|packages)( AS \w+)?$/)
  })

  test('what runs gets the folders that the server reads, and they reach the build', () => {
    const copied = lastStage.flatMap((line) => /^COPY --from=build \/app\/(\S+)/.exec(line)?.[1] ?? [])
    expect(copied.toSorted()).toEqual(['dist', 'migrations', 'node_modules', 'package.json'])
    const ignored = read('.dockerignore').split('\n')
    for (const source of ['package.json', 'migrations', 'server', 'web', 'contract', 'ranking', 'db', 'scripts']) {
      expect(existsSync(join(root, source)), source).toBe(true)
      expect(ignored).not.toContain(source)
    }
    expect(ignored).toContain('.env')
  })
})
