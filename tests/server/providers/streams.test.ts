import { describe, expect, test } from 'vitest'
import { askScripted, askSteps, chunkOf } from '../../support/endpoint-client.ts'
import type { Step } from '../../support/scripted-endpoint.ts'

const STOP = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
const DONE = 'data: [DONE]\n\n'
const saying = (text: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\n`

describe('F308: the forms that a stream may take', () => {
  const stream = (newline: string) =>
    `\ufeff: hello\n\n${saying('one ')}: keep-alive\nid: 7\nevent: message\nretry: 10\n${saying('two')}${STOP}${DONE}`.replaceAll(
      '\n',
      newline,
    )

  test.each(['\n', '\r\n', '\r'])('line ends %j, a byte-order mark, comments and other fields', async (newline) => {
    const { text, end } = await askSteps({ raw: stream(newline) })
    expect(text).toBe('one two')
    expect(end?.finish).toBe('stop')
  })

  test('data without a space after the colon, and data over several lines', async () => {
    const { text } = await askSteps({ raw: `data:{"choices":\ndata: [{"delta":{"content":"fine"}}]}\n\n${STOP}` })
    expect(text).toBe('fine')
  })
})

describe('F309: characters', () => {
  const TEXT = 'Ж 你好 😀 👩‍👩‍👧 é\u2028 e\u0301 \ufffd.'

  test('a text that arrives byte by byte is exact', async () => {
    const { text } = await askSteps({ raw: saying(TEXT) + STOP + DONE, every: 1 })
    expect(text).toBe(TEXT)
  })

  test('invalid bytes become one replacement character each', async () => {
    const [before, after] = saying('a|b').split('|')
    const raw = Buffer.concat([
      Buffer.from(before ?? ''),
      Buffer.of(0xff),
      Buffer.from('·'),
      Buffer.of(0xe2, 0x82),
      Buffer.from(after ?? ''),
    ])
    for (const every of [raw.length, 1]) {
      const { text } = await askSteps({ raw, every }, { raw: STOP })
      expect(text).toBe('a\ufffd·\ufffdb')
    }
  })

  test('surrogate halves are joined over chunks, and made well-formed when they are alone', async () => {
    const half = (code: string) => `data: {"choices":[{"delta":{"content":"${code}"}}]}\n\n`
    const raw = half('x\\ud83d') + half('\\ude00 \\ude00 \\ud83d ') + half('y\\ud83d') + STOP
    const { text, events } = await askSteps({ raw })
    expect(text).toBe('x😀 \ufffd \ufffd y\ufffd')
    for (const event of events) if (event.type === 'text') expect(event.text).not.toMatch(/\p{Cs}/u)
  })

  test('NUL, which the stores cannot hold, is taken out; other odd characters stay', async () => {
    const { text, reasoning } = await askSteps(
      { reasoning: 'a\0b' },
      { chunk: 'c\0\0d\u2028\u0085\u001b' },
      { end: true },
    )
    expect(reasoning).toBe('ab')
    expect(text).toBe('cd\u2028\u0085\u001b')
  })
})

describe('F310: chunks without text', () => {
  test('crash nothing and send nothing', async () => {
    const { events } = await askSteps(
      { event: { choices: [] } },
      { event: { usage: { prompt_tokens: 1, completion_tokens: 0 } } },
      chunkOf({ role: 'assistant' }),
      chunkOf({ role: 'assistant', content: null }),
      chunkOf({ content: '' }),
      { event: { choices: [{ index: 0, finish_reason: null }] } },
      { event: {} },
      chunkOf({ content: 'fine' }),
      { event: { choices: [{ index: 0, delta: null, finish_reason: 'stop' }] } },
      { event: { choices: [], usage: { prompt_tokens: 5, completion_tokens: 6 } } },
      { raw: DONE },
    )
    expect(events).toEqual([
      { type: 'text', text: 'fine' },
      { type: 'end', finish: 'stop', promptTokens: 5, completionTokens: 6 },
    ])
  })
})

describe('F314, F315: too much', () => {
  test('one event that is larger than its bound', async () => {
    const { failure, endpoint } = await askScripted(
      { steps: [{ raw: saying('x'.repeat(300_000)) }, { wait: 'forever' }] },
      { limits: { maxEventBytes: 100_000 } },
    )
    expect(failure).toMatchObject({ kind: 'too-long', retryable: false })
    expect(await endpoint.requests[0]?.closed).toBe('aborted')
  })

  test('one event of endless data lines', async () => {
    const recipe = { steps: [{ repeat: 'data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n' }] }
    const { failure } = await askScripted(recipe, { limits: { maxEventBytes: 50_000 } })
    expect(failure).toMatchObject({ kind: 'too-long' })
  })

  test('ten megabytes in one chunk do not hold up the loop', async () => {
    const recipe = { steps: [{ raw: saying('x'.repeat(10_000_000)) }, { raw: STOP }] }
    const { failure } = await askScripted(recipe)
    expect(failure).toMatchObject({ kind: 'too-long' })
  })

  test.each([
    ['text', saying('on and on '), { maxAnswerChars: 5000 }, 'characters of text'],
    [
      'thinking',
      saying('x').replace('content', 'reasoning_content'),
      { maxReasoningChars: 500 },
      'characters of reasoning',
    ],
    ['comments', `: ${'-'.repeat(1000)}\n\n`, { maxBodyBytes: 100_000 }, 'more than 100000 bytes'],
    ['empty lines', '\n'.repeat(1000), { maxBodyBytes: 100_000 }, 'more than 100000 bytes'],
    ['blanks', ' '.repeat(1000), { maxEventBytes: 100_000 }, 'larger than 100000 bytes'],
    ['empty chunks', saying(''), { maxBodyBytes: 100_000 }, 'more than 100000 bytes'],
  ])('endless %s: the endpoint is cut off', async (_, raw, limits, detail) => {
    const { failure, endpoint } = await askScripted({ steps: [{ repeat: raw }] }, { limits })
    expect(failure).toMatchObject({ kind: 'too-long', retryable: false })
    expect(failure?.message).toContain(detail)
    expect(await endpoint.requests[0]?.closed).toBe('aborted')
  })

  test('a whole JSON answer that does not end', async () => {
    const recipe: Step[] = [
      { status: 200, headers: { 'content-type': 'application/json' } },
      { repeat: ' '.repeat(1000) },
    ]
    const { failure, endpoint } = await askScripted({ steps: recipe }, { limits: { maxBodyBytes: 50_000 } })
    expect(failure).toMatchObject({ kind: 'too-long' })
    expect(await endpoint.requests[0]?.closed).toBe('aborted')
  })

  test('a length that is a lie is a cut', async () => {
    const { failure } = await askSteps(
      { headers: { 'content-length': '100000' } },
      { raw: saying('half') },
      { wait: 20 },
      { cut: 'fin' },
    )
    expect(failure).toMatchObject({ kind: 'cut' })
  })
})

describe('F318: after the end', () => {
  test('what comes after [DONE] is ignored', async () => {
    const { text, events } = await askSteps({
      raw: saying('All.') + STOP + DONE + saying(' More.') + 'data: {broken\n\n',
    })
    expect(text).toBe('All.')
    expect(events.at(-1)?.type).toBe('end')
  })

  test('a socket that stays open after [DONE] is closed by us', async () => {
    const steps: Step[] = [{ raw: saying('All.') + STOP + DONE }, { wait: 'forever' }]
    const { end, endpoint } = await askScripted({ steps }, { limits: { tailMs: 50 } })
    expect(end?.finish).toBe('stop')
    expect(await endpoint.requests[0]?.closed).toBe('aborted')
  })

  test('an endpoint that says neither [DONE] nor goodbye is not waited for', async () => {
    const steps: Step[] = [{ raw: saying('All.') + STOP }, { repeat: ': still here\n\n', pauseMs: 10 }]
    const { end, endpoint } = await askScripted({ steps }, { limits: { tailMs: 50 } })
    expect(end?.finish).toBe('stop')
    expect(await endpoint.requests[0]?.closed).toBe('aborted')
  })

  test.each([
    [{ prompt_tokens: -1, completion_tokens: 5 }, null, 5],
    [{ prompt_tokens: 5, completion_tokens: 1e300 }, 5, null],
    [{ prompt_tokens: 1.5, completion_tokens: '7' }, null, null],
    [{ prompt_tokens: null, completion_tokens: 0 }, null, 0],
    [null, null, null],
  ])('usage %j is checked, and unknown is not zero', async (usage, promptTokens, completionTokens) => {
    const { end } = await askSteps(
      { chunk: 'fine' },
      { finish: 'stop' },
      { event: { choices: [], usage } },
      { raw: DONE },
    )
    expect(end).toMatchObject({ promptTokens, completionTokens })
  })
})
