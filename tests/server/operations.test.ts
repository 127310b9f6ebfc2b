import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { z } from 'zod'
import { runCommand } from '../../server/commands.ts'
import { testArena, type TestArena } from '../support/test-arena.ts'

const OpenApi = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.unknown()),
  components: z.object({ schemas: z.object({ LeaderboardRow: z.object({ required: z.array(z.string()) }) }) }),
})

let arena: TestArena
beforeAll(async () => {
  arena = await testArena({
    settings: { SAMPLE_ARENA: 'on', PUBLIC_ORIGINS: 'https://arena.example' },
  })
})
afterAll(() => arena.close())

/** A request with headers that `fetch` would not send. */
function ask(path: string, headers: Record<string, string>, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${arena.url}${path}`, { method, headers }, (response) => {
      let body = ''
      response.on('data', (part: Buffer) => (body += part.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('error', reject)
    request.end()
  })
}

function openSocket(headers: Record<string, string>, path = '/api/v1/socket'): Promise<'open' | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${arena.url.replace('http', 'ws')}${path}`, { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve('open')
    })
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => {})
  })
}

describe('for operators', () => {
  test('says that it lives and that it is ready', async () => {
    expect(await (await fetch(`${arena.url}/healthz`)).json()).toEqual({ status: 'ok' })
    expect(await (await fetch(`${arena.url}/readyz`)).json()).toEqual({ status: 'ready', problems: [] })
  })

  test('counts votes and battles, none of them by model', async () => {
    const client = await arena.join()
    await client.vote(await client.start(), 'tie')
    const text = await (await fetch(`${arena.url}/metrics`)).text()
    expect(text).toContain('ringside_votes_total{outcome="tie",counted="true"} 1')
    expect(text).toContain('ringside_battles_total{kind="prepared"} 1')
    for (const { name } of await arena.store.listModels()) expect(text).not.toContain(name)
  })

  test('describes its HTTP interface from the schemas that validate it', async () => {
    const document = OpenApi.parse(await (await fetch(`${arena.url}/api/v1/openapi.json`)).json())
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths).sort()).toEqual([
      '/api/v1/arena',
      '/api/v1/leaderboard',
      '/api/v1/session',
      '/api/v1/suggestions',
      '/healthz',
      '/readyz',
    ])
    const { LeaderboardRow: row } = document.components.schemas
    for (const field of ['rank', 'rankLower', 'rankUpper', 'model', 'rating', 'se', 'lower', 'upper', 'votes']) {
      expect(row.required).toContain(field)
    }
  })

  test('answers what it does not know in one shape', async () => {
    const missing = await fetch(`${arena.url}/api/v1/nothing`)
    expect(missing.status).toBe(404)
    expect(await missing.json()).toMatchObject({ error: { code: 'request/not-found' } })
    const wrong = await fetch(`${arena.url}/api/v1/leaderboard?arena=text&kategory=coding`)
    expect(wrong.status).toBe(400)
    expect(await wrong.json()).toMatchObject({ error: { code: 'request/invalid' } })
  })

  test.each(['/..%2fpackage.json', '/%2e%2e/package.json', '/assets/..%5c..%5cpackage.json', '/.env'])(
    'gives no file away at %s',
    async (path) => {
      const { status, body } = await ask(path, {})
      expect([400, 403, 404]).toContain(status)
      expect(body).not.toContain('dependencies')
    },
  )
})

describe('visitors from elsewhere', () => {
  test('a socket opens only for pages of our own origins', async () => {
    const { token } = await arena.join()
    const cookie = `ringside_voter=${token}`
    const host = new URL(arena.url).host
    expect(await openSocket({ cookie, origin: `http://${host}` })).toBe('open')
    expect(await openSocket({ cookie, origin: 'https://arena.example' })).toBe('open')
    for (const origin of ['null', 'https://evil.test', 'http://localhost.evil.test', 'http://127.0.0.1:1']) {
      expect(await openSocket({ cookie, origin })).toBe(403)
    }
    expect(await openSocket({ cookie })).toBe(403)
    expect(await openSocket({ cookie, origin: 'https://evil.test' }, '/api/v1/%73ocket')).toBe(403)
    expect(await openSocket({ origin: `http://${host}` })).toBe(401)
    expect(await openSocket({ authorization: `Bearer ${'x'.repeat(43)}` })).toBe(401)
  })

  test('a name that was made to point here is not answered', async () => {
    expect((await ask('/', { host: 'evil.test' })).status).toBe(403)
    expect((await ask('/healthz', { host: 'arena.example' })).status).toBe(200)
  })

  test('another site cannot open a session for a visitor', async () => {
    expect((await ask('/api/v1/session', { origin: 'https://evil.test' }, 'POST')).status).toBe(403)
    expect((await ask('/api/v1/session', { 'sec-fetch-site': 'cross-site' }, 'POST')).status).toBe(403)
  })
})

describe('frames that cannot be read', () => {
  test.each([
    ['no JSON', '{'],
    ['another shape', '[1,2,3]'],
    ['an unknown type', '{"type":"vote-everything"}'],
    ['a missing field', '{"type":"vote-cast","voteId":"abcdefghijk"}'],
    ['a field nobody declared', '{"type":"ping","admin":true}'],
    [
      'an outcome that does not exist',
      '{"type":"vote-cast","voteId":"abcdefghijk","battleId":"abcdefghijk","turn":1,"generation":1,"outcome":"c"}',
    ],
    ['a prototype', '{"type":"ping","__proto__":{"admin":true}}'],
    ['deep nesting', `{"type":"ping","a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
  ])('%s is refused by code without an echo, and the line goes on', async (_what, frame) => {
    const client = await arena.join()
    const refused = client.next('request-refused')
    client.sendRaw(frame)
    const { code, message } = await refused
    expect(code).toBe('request/invalid')
    expect(message.length).toBeLessThan(300)
    const pong = client.next('pong')
    client.send({ type: 'ping' })
    await pong
  })

  test('more requests at once than a socket may have are refused by name', async () => {
    const client = await arena.join()
    const ids = Array.from({ length: 60 }, (_, index) => `many-votes-${index}`)
    for (const voteId of ids)
      client.send({ type: 'vote-cast', voteId, battleId: 'nowhere-at-all', turn: 1, generation: 1, outcome: 'a' })
    await expect.poll(() => client.frames.filter((frame) => frame.type === 'vote-refused').length).toBe(60)
  })

  test('a client that sends nothing else is closed', async () => {
    const client = await arena.join()
    for (let count = 0; count < 12; count += 1) client.sendRaw('nonsense')
    await client.closed
  })
})

describe('the command line', () => {
  async function run(...argv: string[]) {
    const output = { stdout: '', stderr: '' }
    const sink = (name: 'stdout' | 'stderr') =>
      ({ write: (text: string) => (output[name] += text) }) as unknown as NodeJS.WritableStream
    const streams = {
      environment: {},
      stdin: process.stdin,
      stdout: sink('stdout') as never,
      stderr: sink('stderr') as never,
    }
    return { code: await runCommand(argv, streams), ...output }
  }

  test('explains itself', async () => {
    const { code, stdout } = await run('help')
    expect(code).toBe(0)
    for (const command of ['serve', 'models check', 'rank FILE', 'backup FILE', 'import KIND FILE', 'export FORMAT'])
      expect(stdout).toContain(command)
  })

  test('refuses a command that does not exist with exit code 2', async () => {
    const { code, stderr } = await run('fly')
    expect(code).toBe(2)
    expect(stderr).toContain('There is no command "fly"')
  })
})
