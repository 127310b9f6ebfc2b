// @vitest-environment node
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ApiRefusal, httpApi } from '../../web/api.ts'
import { type ScriptedArena, scriptedArena } from './scripted-arena.ts'

let arena: ScriptedArena

beforeEach(async () => {
  arena = await scriptedArena()
})
afterEach(() => arena.close())

const api = () => httpApi(`${arena.httpUrl}/api/v1`)

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const asked: { method: string | undefined; url: string | undefined; etag: string | undefined }[] = []
  arena.answerHttp = (request, response) => {
    asked.push({ method: request.method, url: request.url, etag: request.headers['if-none-match'] })
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body === undefined ? '' : JSON.stringify(body))
    return true
  }
  return asked
}

test('a session is opened by POST, so that looking changes nothing', async () => {
  const asked = answer(204, undefined)
  await api().openSession()
  expect(asked).toMatchObject([{ method: 'POST', url: '/api/v1/session' }])
})

test('suggestions are asked for in a language', async () => {
  const asked = answer(200, [{ prompt: 'Почему?', language: 'ru' }])
  expect(await api().listSuggestions('ru')).toEqual([{ prompt: 'Почему?', language: 'ru' }])
  expect(asked[0]?.url).toBe('/api/v1/suggestions?language=ru')
})

test('a board that has not changed is not sent again', async () => {
  answer(200, { rows: [] }, { etag: '"b7"' })
  const query = { arena: 'text', category: 'overall' }
  expect(await api().findLeaderboard(query)).toEqual({ board: { rows: [] }, etag: '"b7"' })
  const asked = answer(304, undefined)
  expect(await api().findLeaderboard(query, { etag: '"b7"' })).toBeUndefined()
  expect(asked).toMatchObject([{ url: '/api/v1/leaderboard?arena=text&category=overall', etag: '"b7"' }])
})

test('a refusal carries its code and how long to wait', async () => {
  answer(429, { error: { code: 'request/too-many', message: 'for people', retryAfterMs: 1500 } })
  const refusal = await api()
    .findArena()
    .catch((error: ApiRefusal) => error)
  expect(refusal).toMatchObject({ name: 'ApiRefusal', code: 'request/too-many', retryAfterMs: 1500 })
})

test('a refusal by something before the server is one without a known code', async () => {
  arena.answerHttp = (_, response) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
    return true
  }
  await expect(api().findArena()).rejects.toMatchObject({ code: 'unknown', retryAfterMs: null })
})
