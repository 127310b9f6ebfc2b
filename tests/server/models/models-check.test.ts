import { afterEach, expect, test } from 'vitest'
import { runModelsCheck } from '../../../server/models/models-check.ts'
import { createOpenAiProvider } from '../../../server/providers/openai-provider.ts'
import { createKeyRing } from '../../../server/providers/secrets.ts'
import { toModel } from '../../support/endpoint-client.ts'
import { startScriptedEndpoint, type Recipe, type ScriptedEndpoint } from '../../support/scripted-endpoint.ts'

const open: ScriptedEndpoint[] = []
afterEach(async () => {
  for (const endpoint of open.splice(0)) await endpoint.close()
})

async function check(
  models: Readonly<Record<string, Recipe>>,
  more: Parameters<typeof runModelsCheck>[0]['models'] = [],
) {
  const endpoint = await startScriptedEndpoint({ models })
  open.push(endpoint)
  let output = ''
  const code = await runModelsCheck({
    models: [
      ...Object.keys(models).map((model) => ({ name: model, endpoint: toModel(endpoint.baseUrl, { model }) })),
      ...more,
    ],
    provider: createOpenAiProvider({ keys: createKeyRing({}) }),
    stdout: { write: (text) => (output += text) },
  })
  return { code, lines: output.trimEnd().split('\n'), endpoint }
}

test('models that answer are listed with their first token, and the code is 0', async () => {
  const { code, lines, endpoint } = await check({ owl: {}, 'a-longer-name': {} })
  const host = `127.0.0.1:${endpoint.port}`
  expect(lines[0]).toMatch(/^model {10}endpoint {9}.*first token {2}result$/)
  expect(lines[1]).toMatch(new RegExp(`^owl {12}${host} +\\d+ ms +ok$`))
  expect(lines[2]).toMatch(new RegExp(`^a-longer-name {2}${host} +\\d+ ms +ok$`))
  expect(code).toBe(0)
  expect(endpoint.requests).toHaveLength(2)
})

test('one model that fails makes the code 1, and its line says why', async () => {
  const { code, lines } = await check({
    owl: {},
    fox: { steps: [{ status: 401, body: '{"error":{"message":"no such key"}}' }] },
  })
  expect(lines[1]).toMatch(/ok$/)
  expect(lines[2]).toMatch(/^fox .* - +authentication: 127\.0\.0\.1:\d+: answered 401: no such key$/)
  expect(code).toBe(1)
})

test('a model without an endpoint cannot answer', async () => {
  const { code, lines } = await check({}, [{ name: 'paper', endpoint: null }])
  expect(lines[1]).toMatch(/^paper .*has no endpoint$/)
  expect(code).toBe(1)
})

test('without models there is nothing to check, which is no success', async () => {
  const { code, lines } = await check({})
  expect(lines).toEqual(['No models are configured: set MODELS_FILE, or OPENAI_BASE_URL and OPENAI_API_KEY.'])
  expect(code).toBe(1)
})

test('an endpoint cannot steer the terminal of the operator', async () => {
  const body = JSON.stringify({ error: { message: 'a\u001b]0;title\u0007\u001b[2Jb\r\nforged ok\u202e' } })
  const { lines } = await check({ owl: { steps: [{ status: 500, body }] } })
  expect(lines).toHaveLength(2)
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u202e]/)
})

test('many models are asked side by side, in bounded number, and printed in order', async () => {
  const models = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`m${index}`, { firstTokenMs: 30 }]))
  const { lines, endpoint } = await check(models)
  expect(lines.slice(1).map((line) => line.split(' ')[0])).toEqual(Object.keys(models))
  expect(endpoint.peakOpen).toBeGreaterThan(1)
  expect(endpoint.peakOpen).toBeLessThanOrEqual(8)
})
