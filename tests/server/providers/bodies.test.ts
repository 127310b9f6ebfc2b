import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { askScripted, askSteps } from '../../support/endpoint-client.ts'
import type { Step } from '../../support/scripted-endpoint.ts'

const STOP = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
const DONE = 'data: [DONE]\n\n'
const saying = (text: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\n`

describe('F304: a good status without a stream', () => {
  test.each([
    ['a page', 'text/html', '<html>We are busy</html>', 'malformed'],
    ['plain text', 'text/plain', saying('hello') + STOP, 'malformed'],
    ['bytes', 'application/octet-stream', 'xyz', 'malformed'],
    ['an empty stream', 'text/event-stream', '', 'cut'],
    ['an empty JSON body', 'application/json', '', 'malformed'],
    ['JSON that is no answer', 'application/json', '{"status":"ok"}', 'cut'],
    ['JSON with an error in it', 'application/json', '{"error":{"message":"overloaded"}}', 'server'],
    [
      'a whole answer without text',
      'application/json',
      '{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}',
      'empty',
    ],
  ])('%s is a failure and never an empty answer', async (_, type, body, kind) => {
    const { failure, events } = await askSteps({ status: 200, headers: { 'content-type': type }, body })
    expect(failure).toMatchObject({ kind, retryable: true })
    expect(events).toEqual([])
  })

  test('a missing content type', async () => {
    const { failure } = await askSteps({ headers: { 'content-type': null } }, { raw: saying('hello') + STOP })
    expect(failure).toMatchObject({ kind: 'malformed' })
    expect(failure?.message).toContain('no content type')
  })

  test.each([204, 205])('status %i, which has no body', async (status) => {
    const { failure } = await askSteps({ status, body: '' })
    expect(failure).toMatchObject({ kind: 'empty', retryable: true })
  })

  test('a compressed body is not inflated', async () => {
    const { failure } = await askSteps(
      { headers: { 'content-encoding': 'gzip' } },
      { raw: Buffer.from([31, 139, 8, 0]) },
    )
    expect(failure).toMatchObject({ kind: 'malformed', retryable: false })
  })

  test('a whole JSON answer to a stream request is an answer in one piece', async () => {
    const body = JSON.stringify({
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'All at once.', reasoning_content: 'Hm.' },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    })
    const { events } = await askSteps({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body,
    })
    expect(events).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'All at once.' },
      { type: 'end', finish: 'stop', promptTokens: 3, completionTokens: 4 },
    ])
  })

  test('a whole JSON answer that is cut is no answer', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '5000' }
    const { failure } = await askSteps(
      { status: 200, headers },
      { raw: '{"choices":[{"mess' },
      { wait: 20 },
      { cut: 'fin' },
    )
    expect(failure).toMatchObject({ kind: 'cut', retryable: true })
  })
})

describe('F305: an error in the stream', () => {
  test.each([
    ['data: {"error":{"message":"out of memory"}}\n\n', 'server'],
    ['data: {"error":"out of memory"}\n\n', 'server'],
    ['event: error\ndata: {"message":"out of memory"}\n\n', 'server'],
    ['event: error\ndata: out of memory\n\n', 'server'],
    ['data: {"object":"error","message":"out of memory"}\n\n', 'server'],
    ['data: {"type":"error","message":"out of memory"}\n\n', 'server'],
    ['data: {"error":{"message":"out of memory","code":429}}\n\n', 'rate-limited'],
    ['data: {"error":{"message":"out of memory","code":"rate_limit_exceeded"}}\n\n', 'rate-limited'],
    ['data: {"error":{"message":"out of memory","code":"401"}}\n\n', 'authentication'],
  ])('%j ends the answer as a failure', async (raw, kind) => {
    const { failure, text } = await askSteps({ chunk: 'so far' }, { raw: raw + STOP + DONE })
    expect(failure).toMatchObject({ kind })
    expect(failure?.message).toContain('out of memory')
    expect(text).toBe('so far')
  })

  test.each(['null', 'false', '""'])('an error field that is %s is no error', async (value) => {
    const { text } = await askSteps({
      raw: `data: {"error":${value},"choices":[{"delta":{"content":"fine"}}]}\n\n${STOP}`,
    })
    expect(text).toBe('fine')
  })
})

describe('F306: silence is not success', () => {
  test.each([
    ['without [DONE] and finish reason', saying('All of it.')],
    ['with [DONE] but without finish reason', saying('All of it.') + DONE],
    ['when the last event lacks its empty line', saying('All of it.') + STOP.trimEnd()],
    ['when the last event lacks half its line ends', `${saying('All of it.')}${STOP.trimEnd()}\n`],
  ])('an answer that ends %s was cut', async (_, raw) => {
    const { failure, end } = await askSteps({ raw })
    expect(failure).toMatchObject({ kind: 'cut' })
    expect(end).toBeUndefined()
  })

  test('a finish reason without [DONE] is enough', async () => {
    const { end } = await askSteps({ raw: saying('All of it.') + STOP })
    expect(end?.finish).toBe('stop')
  })

  test.each(['', ' \n\t ', '\u200b\u2060', '\u0000'])(
    'an answer of which nothing can be seen is none: %j',
    async (text) => {
      const { failure } = await askSteps({ chunk: text }, { end: true })
      expect(failure).toMatchObject({ kind: 'empty', retryable: true })
    },
  )

  test('thinking alone is no answer, and more of the same limit would not help', async () => {
    const { failure, reasoning } = await askSteps({ reasoning: 'Hm, hm.' }, { end: 'length' })
    expect(failure).toMatchObject({ kind: 'empty', retryable: false })
    expect(reasoning).toBe('Hm, hm.')
  })
})

describe('F307: garbage', () => {
  const written: unknown[] = []
  beforeEach(() => {
    written.length = 0
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...args) => void written.push(args))
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => (written.push(text), true))
  })
  afterEach(() => void vi.restoreAllMocks())

  test.each([
    ['lines that are no fields', 'hello world\nfoo: bar\n\n'],
    ['an empty data line', 'data:\n\ndata: \n\n'],
    ['a ping of the server’s own', 'event: ping\ndata: now\n\n'],
  ])('%s are passed over', async (_, raw) => {
    const { text, end } = await askSteps({ raw: raw + saying('fine') + raw + STOP + DONE })
    expect(text).toBe('fine')
    expect(end?.finish).toBe('stop')
  })

  test.each(['{"choices":[{"delta":{"con', '{not json}', '[1,2', '<html>', '"text"', '17', 'null', '[]'])(
    'data that is no chunk (%s) fails, and the console stays silent',
    async (data) => {
      const { failure, text } = await askSteps({ chunk: 'so far' }, { raw: `data: ${data}\n\n${STOP}${DONE}` })
      const output = [...written]
      vi.restoreAllMocks()
      expect(failure).toMatchObject({ kind: 'malformed' })
      expect(text).toBe('so far')
      expect(output).toEqual([])
    },
  )

  test('values of every wrong type crash nothing', async () => {
    const odd = [
      1,
      'x',
      [],
      {},
      null,
      true,
      [[]],
      [null],
      [{ delta: [] }],
      [{ delta: 'x' }],
      [{ delta: { content: 7 } }],
    ]
    const steps: Step[] = odd.map((choices) => ({ event: { choices, usage: choices, id: choices, model: choices } }))
    const { text, end } = await askScripted({ steps: [...steps, { chunk: 'fine' }, { end: true }] })
    expect(text).toBe('fine')
    expect(end?.finish).toBe('stop')
  })

  test('an event nested ten thousand deep crashes nothing', async () => {
    const deep = `{"error":${'['.repeat(10_000)}${']'.repeat(10_000)}}`
    const { failure } = await askSteps({ raw: `data: ${deep}\n\n` })
    expect(['server', 'malformed']).toContain(failure?.kind)
  })
})
