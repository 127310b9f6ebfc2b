import { afterEach, describe, expect, test } from 'vitest'
import { ModelId } from '../../../contract/ids.ts'
import {
  createAnswerGenerator,
  type DrawnModel,
  type GeneratedText,
} from '../../../server/providers/answer-generator.ts'
import { ModelHealth } from '../../../server/providers/model-health.ts'
import { createOpenAiProvider } from '../../../server/providers/openai-provider.ts'
import type { ProviderLimits } from '../../../server/providers/provider-limits.ts'
import type { RetryLimits } from '../../../server/providers/retry-wait.ts'
import { createKeyRing } from '../../../server/providers/secrets.ts'
import { QUESTION, toModel } from '../../support/endpoint-client.ts'
import {
  startScriptedEndpoint,
  type Recipe,
  type ScriptedEndpoint,
  type Step,
} from '../../support/scripted-endpoint.ts'

const open: ScriptedEndpoint[] = []
afterEach(async () => {
  for (const endpoint of open.splice(0)) await endpoint.close()
})

interface Generated {
  readonly result: GeneratedText
  readonly shown: string
  readonly abandoned: readonly { readonly modelId: string; readonly reason: string; readonly attempts: number }[]
  /** Waits between attempts, as the generator asked for them; they pass at once. */
  readonly waits: readonly number[]
  readonly asked: readonly string[]
  readonly endpoint: ScriptedEndpoint
  readonly health: ModelHealth
}

interface GenerateOptions {
  /** Which models are drawn, in order; by default all that have a recipe. */
  readonly draws?: readonly string[]
  readonly random?: () => number
  readonly limits?: Partial<RetryLimits>
  readonly providerLimits?: Partial<ProviderLimits>
  /** Called with each text that is given out. */
  readonly onText?: (text: string, stop: () => void) => void
  readonly onWait?: (stop: () => void) => void
}

const idOf = (name: string) => ModelId.parse(`model-${name}`)

async function generate(
  models: Readonly<Record<string, Recipe | readonly Recipe[]>>,
  options: GenerateOptions = {},
): Promise<Generated> {
  const endpoint = await startScriptedEndpoint({ models })
  open.push(endpoint)
  const clock = { ms: 0, monotonicMs: () => clock.ms }
  const health = new ModelHealth({ clock, failuresToRest: 2 })
  const abandoned: Generated['abandoned'][number][] = []
  const waits: number[] = []
  const shown: string[] = []
  const leave = new AbortController()
  const stop = () => leave.abort()
  const generator = createAnswerGenerator({
    provider: createOpenAiProvider({ keys: createKeyRing({}), limits: options.providerLimits ?? {} }),
    health,
    clock,
    random: options.random ?? (() => 0.5),
    limits: options.limits ?? {},
    sleep: async (ms) => {
      waits.push(ms)
      clock.ms += ms
      options.onWait?.(stop)
    },
  })
  const left: DrawnModel[] = (options.draws ?? Object.keys(models)).map((name) => ({
    id: idOf(name),
    endpoint: toModel(endpoint.baseUrl, { model: name }),
  }))
  const result = await generator({
    draw: () => left.shift(),
    messages: QUESTION,
    signal: leave.signal,
    onText: (text) => {
      shown.push(text)
      options.onText?.(text, stop)
    },
    onAbandoned: (draw) => abandoned.push(draw),
  })
  const asked = endpoint.requests.map(({ model }) => model)
  return { result, shown: shown.join(''), abandoned, waits, asked, endpoint, health }
}

const BUSY: Recipe = { steps: [{ status: 503, body: 'busy' }] }
const FINE: Recipe = { text: 'A fine answer.' }

function busyFor(headers: Readonly<Record<string, string>>): Recipe {
  return { steps: [{ status: 429, headers, body: 'slow down' }] }
}

describe('an answer', () => {
  test('comes as text to show, with what the operator wants to know', async () => {
    const { result, shown, abandoned } = await generate({ owl: { text: 'A fine answer.', reasoning: 'Hm.' } })
    expect(result).toMatchObject({
      kind: 'answered',
      modelId: 'model-owl',
      text: 'A fine answer.',
      reasoning: 'Hm.',
      finish: 'stop',
      reason: null,
      promptTokens: 7,
      firstTokenMs: 0,
    })
    expect(shown).toBe('A fine answer.')
    expect(abandoned).toEqual([])
  })

  test('that was cut by its length is complete and marked', async () => {
    const { result } = await generate({ owl: { text: 'A fine', finish: 'length' } })
    expect(result).toMatchObject({ kind: 'answered', finish: 'length', text: 'A fine' })
  })

  test('begins with its first visible character, and loses none before it', async () => {
    const steps: Step[] = [{ chunk: ' \n' }, { chunk: '\n ' }, { chunk: 'Yes.' }, { end: true }]
    const given: string[] = []
    const { result } = await generate({ owl: { steps } }, { onText: (text) => given.push(text) })
    expect(given).toEqual([' \n\n Yes.'])
    expect(result.text).toBe(' \n\n Yes.')
  })
})

describe('a failure before the first token', () => {
  test.each([
    ['an overload', BUSY],
    ['a rate limit', busyFor({})],
    ['a cut', { steps: [{ cut: 'rst' }] }],
    ['a cut in the middle of the thinking', { steps: [{ reasoning: 'Hm' }, { wait: 20 }, { cut: 'fin' }] }],
    ['broken JSON', { steps: [{ raw: 'data: {\n\n' }] }],
    ['an empty answer', { steps: [{ end: true }] }],
    ['an answer of blanks', { steps: [{ chunk: '  \n' }, { end: true }] }],
    ['a page', { steps: [{ status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }] }],
  ] as const)('by %s is tried again at the same model, and nobody notices', async (_, first: Recipe) => {
    const { result, shown, abandoned, asked, waits } = await generate({ owl: [first, FINE], fox: FINE })
    expect(result).toMatchObject({ kind: 'answered', modelId: 'model-owl', reasoning: '' })
    expect(shown).toBe('A fine answer.')
    expect(abandoned).toEqual([])
    expect(asked).toEqual(['owl', 'owl'])
    expect(waits).toHaveLength(1)
  })

  test.each([
    ['a wrong key', { steps: [{ status: 401, body: 'no' }] }, 'authentication'],
    ['a bad request', { steps: [{ status: 400, body: 'no' }] }, 'bad-request'],
    ['a missing model', { steps: [{ status: 404, body: 'no' }] }, 'not-found'],
    ['a content filter', { steps: [{ finish: 'content_filter' }] }, 'content-filter'],
    ['a tool call', { steps: [{ finish: 'tool_calls' }] }, 'unsupported'],
    ['a stall', { steps: [{ wait: 'forever' }] }, 'stalled'],
  ] as const)('by %s is not tried again: another model is drawn', async (_, recipe: Recipe, kind) => {
    const { result, abandoned, asked, waits } = await generate(
      { owl: recipe, fox: FINE },
      { providerLimits: { firstTokenMs: 500 } },
    )
    expect(result).toMatchObject({ kind: 'answered', modelId: 'model-fox', text: 'A fine answer.' })
    expect(abandoned).toEqual([{ modelId: 'model-owl', reason: expect.stringContaining(kind), attempts: 1 }])
    expect(asked).toEqual(['owl', 'fox'])
    expect(waits).toEqual([])
  })

  test('is tried a bounded number of times, then the draw is recorded as abandoned', async () => {
    const { result, abandoned, asked } = await generate({ owl: BUSY, fox: FINE })
    expect(asked).toEqual(['owl', 'owl', 'owl', 'fox'])
    expect(abandoned).toMatchObject([{ modelId: 'model-owl', attempts: 3 }])
    expect(abandoned[0]?.reason).toMatch(/^server: .* answered 503: busy$/)
    expect(result.modelId).toBe('model-fox')
  })

  test('of every model there is leaves the battle without an answer', async () => {
    const { result, shown, abandoned } = await generate({ owl: BUSY, fox: BUSY })
    expect(result).toMatchObject({
      kind: 'failed',
      modelId: 'model-fox',
      text: '',
      finish: 'failed',
      firstTokenMs: null,
    })
    expect(result.reason).toContain('503')
    expect(abandoned.map(({ modelId }) => modelId)).toEqual(['model-owl', 'model-fox'])
    expect(shown).toBe('')
  })

  test('ends after a bounded number of models', async () => {
    const { asked, result } = await generate(
      { owl: { steps: [{ status: 401 }] } },
      { draws: Array(20).fill('owl'), limits: { mostDraws: 3 } },
    )
    expect(asked).toHaveLength(3)
    expect(result.kind).toBe('failed')
  })

  test('ends when the time for it is over', async () => {
    const limits = { giveUpMs: 1000, firstWaitMs: 800, longestWaitMs: 800, attemptsPerModel: 50 }
    const { asked, waits } = await generate({ owl: BUSY, fox: BUSY }, { limits, random: () => 1 })
    expect(waits).toEqual([800])
    expect(asked).toEqual(['owl', 'owl', 'fox'])
  })

  test('without anybody to draw is said as such', async () => {
    const { result } = await generate({}, { draws: [] })
    expect(result).toMatchObject({
      kind: 'failed',
      modelId: null,
      text: '',
      reason: expect.stringContaining('nobody was left'),
    })
  })
})

describe('waiting before another attempt', () => {
  test('is random over a bound that doubles', async () => {
    const limits = { attemptsPerModel: 6, firstWaitMs: 100, longestWaitMs: 500 }
    const most = await generate({ owl: BUSY }, { limits, random: () => 1 })
    expect(most.waits).toEqual([100, 200, 400, 500, 500])
    const least = await generate({ owl: BUSY }, { limits, random: () => 0 })
    expect(least.waits).toEqual([0, 0, 0, 0, 0])
  })

  test.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after-ms': '350' }, 350],
  ])('is never shorter than the endpoint asked for: %j', async (headers, waitMs) => {
    const limits = { firstWaitMs: 100 }
    const { waits, result } = await generate({ owl: [busyFor(headers), FINE] }, { limits, random: () => 0.8 })
    expect(waits).toEqual([waitMs + 20])
    expect(result.kind).toBe('answered')
  })

  test.each([{ 'retry-after': '99999' }, { 'retry-after': '9' }, { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }])(
    'for longer than the bound is not waited for: %j',
    async (headers) => {
      const { waits, asked } = await generate({ owl: busyFor(headers), fox: FINE })
      expect(waits).toEqual([])
      expect(asked).toEqual(['owl', 'fox'])
    },
  )

  test.each([{ 'retry-after': '-5' }, { 'retry-after': 'when it pleases' }])(
    'that cannot be meant is ours to choose: %j',
    async (headers) => {
      const { waits } = await generate({ owl: [busyFor(headers), FINE] }, { limits: { firstWaitMs: 100 } })
      expect(waits).toEqual([50])
    },
  )
})

describe('a failure after the first token', () => {
  test.each([
    ['a cut', [{ chunk: 'Half an ans' }, { wait: 20 }, { cut: 'rst' }], 'cut'],
    ['a stall', [{ chunk: 'Half an ans' }, { wait: 'forever' }], 'stalled'],
    ['an error in the stream', [{ chunk: 'Half an ans' }, { event: { error: 'overloaded' } }], 'server'],
    ['a content filter', [{ chunk: 'Half an ans' }, { finish: 'content_filter' }], 'content-filter'],
    ['an end without a finish reason', [{ chunk: 'Half an ans' }], 'cut'],
  ] as const)('by %s is final, and the text is kept for the operator', async (_, steps: readonly Step[], kind) => {
    const { result, abandoned, asked } = await generate(
      { owl: { steps }, fox: FINE },
      { providerLimits: { betweenTokensMs: 500 } },
    )
    expect(result).toMatchObject({ kind: 'failed', modelId: 'model-owl', text: 'Half an ans', finish: 'failed' })
    expect(result.reason).toMatch(new RegExp(`^${kind}: `))
    expect(result.firstTokenMs).toBe(0)
    expect(abandoned).toEqual([])
    expect(asked).toEqual(['owl'])
  })
})

describe('stopping', () => {
  test('keeps the text so far and asks nobody else', async () => {
    const owl: Recipe = { steps: [{ reasoning: 'Hm.' }, { chunk: 'So far' }, { wait: 'forever' }] }
    const { result, abandoned, asked, endpoint } = await generate({ owl, fox: FINE }, { onText: (_, stop) => stop() })
    expect(result).toMatchObject({
      kind: 'stopped',
      modelId: 'model-owl',
      text: 'So far',
      reasoning: 'Hm.',
      finish: 'stopped',
      reason: null,
    })
    expect(abandoned).toEqual([])
    expect(asked).toEqual(['owl'])
    expect(await endpoint.requests[0]?.closed).toBe('aborted')
  })

  test('while waiting for another attempt ends there', async () => {
    const { result, asked, abandoned } = await generate({ owl: BUSY, fox: FINE }, { onWait: (stop) => stop() })
    expect(result).toMatchObject({ kind: 'stopped', modelId: 'model-owl', text: '' })
    expect(asked).toEqual(['owl'])
    expect(abandoned).toEqual([])
  })
})

describe('the health of models', () => {
  test('counts answers that failed for good, not attempts', async () => {
    const { health } = await generate({ owl: [BUSY, BUSY, FINE], fox: FINE })
    expect(health.list()).toEqual([])
    const failed = await generate({ owl: BUSY, fox: FINE })
    expect(failed.health.list()).toMatchObject([{ modelId: 'model-owl', failuresInARow: 1, isUsable: true }])
  })

  test('a model that fails in a row rests', async () => {
    const { health } = await generate({ owl: { steps: [{ status: 401 }] } }, { draws: ['owl', 'owl'] })
    expect(health.isUsable(idOf('owl'))).toBe(false)
    expect(health.isUsable(idOf('fox'))).toBe(true)
  })

  test.each([
    ['a filtered question', { steps: [{ finish: 'content_filter' }] }],
    ['a conversation that is too long', { steps: [{ status: 413 }] }],
  ] as const)('%s says nothing about the model', async (_, recipe: Recipe) => {
    const { health } = await generate({ owl: recipe }, { draws: ['owl', 'owl', 'owl'] })
    expect(health.list()).toEqual([])
  })
})
