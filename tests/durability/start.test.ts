import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const ENTRY = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))
let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ringside-start-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

/** Starts the server with settings that must stop it, and returns what it said. */
function startWrongly(settings: Record<string, string>) {
  const environment = {
    PATH: process.env.PATH ?? '',
    DATA_DIR: dataDir,
    OLLAMA_HOST: 'http://127.0.0.1:9',
    PORT: '0',
    ...settings,
  }
  const { status, stderr } = spawnSync(process.execPath, [ENTRY], {
    env: environment,
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { status, lines: stderr.trim().split('\n') }
}

test.each<[string, Record<string, string>, RegExp]>([
  ['a port that is none', { PORT: 'x' }, /^PORT: expected a whole number/],
  ['a proxy that is no address', { TRUST_PROXY: 'nginx' }, /^TRUST_PROXY: expected IP addresses/],
  ['an address that is not ours', { HOST: '203.0.113.7' }, /EADDRNOTAVAIL/],
  ['a models file that is not there', { MODELS_FILE: '/nowhere/models.json' }, /MODELS_FILE/],
])('the start is stopped by %s with one line', (_what, settings, message) => {
  const { status, lines } = startWrongly(settings)
  expect(status).toBe(1)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(message)
})

test('a port in use ends the process and lets go of its folder', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const first = startWrongly({ PORT: String(port) })
  const second = startWrongly({ PORT: String(port) })
  other.close()
  for (const { status, lines } of [first, second]) {
    expect(status).toBe(1)
    expect(lines.at(-1)).toContain('EADDRINUSE')
  }
})
