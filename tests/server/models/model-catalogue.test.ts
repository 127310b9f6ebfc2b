import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { resolveModels, type ModelSettings, type ResolvedModels } from '../../../server/models/model-catalogue.ts'
import { startScriptedEndpoint, type Recipe, type ScriptedEndpoint } from '../../support/scripted-endpoint.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function start(modelList?: Recipe, more: { apiKey?: string } = {}): Promise<ScriptedEndpoint> {
  const endpoint = await startScriptedEndpoint({
    models: { owl: {}, fox: {} },
    ...(modelList ? { modelList } : {}),
    ...more,
  })
  open.push(endpoint)
  return endpoint
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

async function resolve(settings: Partial<ModelSettings>): Promise<ResolvedModels> {
  return await resolveModels({
    modelsFile: '',
    openaiBaseUrl: '',
    openaiApiKey: '',
    ollamaHost: `127.0.0.1:${await freePort()}`,
    environment: {},
    at: 1_700_000_000_000,
    openaiTimeoutMs: 10_000,
    ollamaTimeoutMs: 10_000,
    ...settings,
  })
}

const namesOf = ({ models }: ResolvedModels) => models.map(({ name }) => name)

function listing(ids: readonly unknown[]): Recipe {
  const body = JSON.stringify({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) })
  return { steps: [{ status: 200, headers: { 'content-type': 'application/json' }, body }] }
}

describe('MODELS_FILE', () => {
  test('comes first, and nobody else is asked', async () => {
    const endpoint = await start()
    const folder = await mkdtemp(join(tmpdir(), 'ringside-models-'))
    open.push({ close: () => rm(folder, { recursive: true }) })
    const modelsFile = join(folder, 'models.json')
    const entry = {
      name: 'Owl',
      baseUrl: endpoint.baseUrl,
      model: 'owl',
      apiKeyEnv: 'OWL_KEY',
      weight: 2,
      price: { input: 1, output: 2 },
    }
    await writeFile(
      modelsFile,
      JSON.stringify({ models: [entry, { name: 'Fox', baseUrl: endpoint.baseUrl, model: 'fox' }] }),
    )
    const resolved = await resolve({
      modelsFile,
      openaiBaseUrl: endpoint.baseUrl,
      environment: { OWL_KEY: 'sk-1234567890' },
    })
    expect(resolved).toMatchObject({ source: 'file', isComplete: true, description: `2 models from ${modelsFile}.` })
    expect(resolved.models[0]).toEqual({
      id: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      name: 'Owl',
      organization: null,
      license: null,
      endpoint: { baseUrl: endpoint.baseUrl, model: 'owl', apiKeyEnv: 'OWL_KEY', systemPrompt: null, params: {} },
      weight: 2,
      price: { input: 1, output: 2 },
      modalities: ['text'],
      sample: false,
      status: 'active',
      at: 1_700_000_000_000,
    })
    expect(new Set(resolved.models.map(({ id }) => id)).size).toBe(2)
    expect(endpoint.requests).toEqual([])
  })
})

describe('OPENAI_BASE_URL and OPENAI_API_KEY', () => {
  test('are enough: the endpoint lists its models, and the key is kept by name', async () => {
    const endpoint = await start(undefined, { apiKey: 'sk-1234567890' })
    const resolved = await resolve({ openaiBaseUrl: `${endpoint.baseUrl}/`, openaiApiKey: 'sk-1234567890' })
    expect(resolved).toMatchObject({ source: 'openai', description: `2 models listed by 127.0.0.1:${endpoint.port}.` })
    expect(resolved.models.map(({ endpoint: at }) => at?.apiKeyEnv)).toEqual(['OPENAI_API_KEY', 'OPENAI_API_KEY'])
    expect(namesOf(resolved)).toEqual(['owl', 'fox'])
    expect(JSON.stringify(resolved)).not.toContain('sk-1234567890')
  })

  test('without a key none is sent', async () => {
    const endpoint = await start()
    const resolved = await resolve({ openaiBaseUrl: endpoint.baseUrl })
    expect(resolved.models[0]?.endpoint?.apiKeyEnv).toBeNull()
    expect(endpoint.requests[0]?.headers.authorization).toBeUndefined()
  })

  test.each([
    ['refuses the key', { steps: [{ status: 401, body: 'sk-1234567890' }] }, 'it answered 401'],
    ['has no list', { steps: [{ status: 404, body: '' }] }, 'it answered 404'],
    ['sends a page', { steps: [{ status: 200, body: '<html>' }] }, 'its answer is no JSON'],
    ['sends another list', { steps: [{ status: 200, body: '["owl"]' }] }, 'its answer is no list of models'],
    [
      'redirects',
      { steps: [{ status: 302, headers: { location: 'http://127.0.0.1:9/v1' }, body: '' }] },
      'it redirects to another address',
    ],
    ['is silent', { steps: [{ wait: 'forever' }] }, 'it did not answer in time'],
    [
      'does not stop',
      { steps: [{ status: 200 }, { repeat: ' '.repeat(100_000) }] },
      'its answer is larger than 8000000 bytes',
    ],
    [
      'breaks off',
      { steps: [{ status: 200 }, { raw: '{"data":' }, { wait: 20 }, { cut: 'rst' }] },
      'it cannot be reached',
    ],
  ] as const)(
    'an endpoint that %s does not stop the start, and its models are not gone',
    async (_, recipe: Recipe, reason) => {
      const endpoint = await start(recipe)
      const resolved = await resolve({
        openaiBaseUrl: endpoint.baseUrl,
        openaiApiKey: 'sk-1234567890',
        openaiTimeoutMs: reason.endsWith('in time') ? 300 : 10_000,
      })
      expect(resolved).toMatchObject({ models: [], source: 'openai', isComplete: false })
      expect(resolved.description).toContain(`127.0.0.1:${endpoint.port} could not be asked for its models: ${reason}`)
      expect(resolved.description).not.toContain('sk-1234567890')
    },
  )

  test('an endpoint that is away is named with the reason', async () => {
    const { description } = await resolve({ openaiBaseUrl: `http://127.0.0.1:${await freePort()}/v1` })
    expect(description).toContain('it cannot be reached (ECONNREFUSED)')
  })
})

describe('F322: a hostile list of models', () => {
  test('names with markup, controls, direction marks or without end are left out, doubles count once', async () => {
    const good = [
      'meta-llama/Llama-3.1-8B-Instruct',
      'qwen2.5:7b-instruct-q4_K_M',
      'модель-1',
      'GPT 4 (2024)',
      'a+b@c~d,e#f',
    ]
    const bad = [
      '<b>owl</b>',
      'owl\u202eevil',
      'owl\u0000',
      'owl\nfox',
      'x'.repeat(1_000_000),
      '',
      ' owl',
      '"owl"',
      'o\u200bwl',
      7,
      null,
      {},
    ]
    const endpoint = await start(listing([...good, ...bad, ...good]))
    const resolved = await resolve({ openaiBaseUrl: endpoint.baseUrl })
    expect(namesOf(resolved)).toEqual(good)
    expect(resolved.description).toContain(`(${bad.length + good.length} left out`)
  })

  test('ten thousand entries become a bounded number of contestants', async () => {
    const endpoint = await start(listing(Array.from({ length: 10_000 }, (_, index) => `model-${index}`)))
    const resolved = await resolve({ openaiBaseUrl: endpoint.baseUrl })
    expect(resolved.models).toHaveLength(500)
    expect(resolved.description).toContain('9500 left out')
  })

  test('models for other tasks than conversation are left out', async () => {
    const chat = [
      'gpt-4o',
      'o3-mini',
      'llama3.2-vision:11b',
      'gemma-3-27b-it',
      'deepseek-r1',
      'mistral-large-latest',
      'delivery-7b',
    ]
    const other = [
      'text-embedding-3-small',
      'nomic-embed-text:latest',
      'mxbai-embed-large',
      'bge-m3',
      'whisper-1',
      'tts-1-hd',
      'gpt-4o-mini-tts',
      'gpt-4o-transcribe',
      'gpt-4o-realtime-preview',
      'gpt-4o-audio-preview',
      'dall-e-3',
      'gpt-image-1',
      'sora-2',
      'omni-moderation-latest',
      'llama-guard3:8b',
      'jina-reranker-v2',
      'babbage-002',
      'gpt-3.5-turbo-instruct',
    ]
    const endpoint = await start(listing([...chat, ...other]))
    expect(namesOf(await resolve({ openaiBaseUrl: endpoint.baseUrl }))).toEqual(chat)
  })
})

describe('a local Ollama', () => {
  test.each([
    (port: number) => `http://127.0.0.1:${port}`,
    (port: number) => `127.0.0.1:${port}`,
    (port: number) => `0.0.0.0:${port}`,
    (port: number) => `:${port}`,
    (port: number) => `http://127.0.0.1:${port}/`,
  ])('is found when nothing is configured, however its address is written', async (toHost) => {
    const endpoint = await start()
    const resolved = await resolve({ ollamaHost: toHost(endpoint.port) })
    expect(resolved).toMatchObject({
      source: 'ollama',
      description: `2 models of the local Ollama at 127.0.0.1:${endpoint.port}.`,
    })
    expect(resolved.models[0]?.endpoint).toMatchObject({ baseUrl: endpoint.baseUrl, apiKeyEnv: null })
  })

  test.each([
    ['there is none', undefined],
    ['it has no models', listing([])],
    ['it is silent', { steps: [{ wait: 'forever' }] }],
  ] as const)('without models when %s', async (_, modelList: Recipe | undefined) => {
    const ollamaHost = modelList ? `127.0.0.1:${(await start(modelList)).port}` : `127.0.0.1:${await freePort()}`
    const resolved = await resolve({ ollamaHost, ollamaTimeoutMs: 300 })
    expect(resolved).toEqual({
      models: [],
      source: 'none',
      description: 'No models are configured, and there is no local Ollama with models.',
      isComplete: true,
    })
  })

  test('an address that is none is no Ollama', async () => {
    expect((await resolve({ ollamaHost: 'http://:x' })).source).toBe('none')
  })
})
