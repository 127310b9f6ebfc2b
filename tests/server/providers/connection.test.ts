import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createOpenAiProvider } from '../../../server/providers/openai-provider.ts'
import { createKeyRing } from '../../../server/providers/secrets.ts'
import { makeCertificate } from '../../support/endpoint-certificates.ts'
import { askAt, askScripted, askSteps, QUESTION, readReply, toModel } from '../../support/endpoint-client.ts'
import { startScriptedEndpoint, type ScriptedEndpoint, type Step } from '../../support/scripted-endpoint.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function start(...args: Parameters<typeof startScriptedEndpoint>): Promise<ScriptedEndpoint> {
  const endpoint = await startScriptedEndpoint(...args)
  open.push(endpoint)
  return endpoint
}

function provide(more: Partial<Parameters<typeof createOpenAiProvider>[0]> = {}) {
  const provider = createOpenAiProvider({ keys: createKeyRing({}), ...more })
  open.push(provider)
  return provider
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

describe('F301: an endpoint that cannot be reached', () => {
  test('a refused connection may be tried again', async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const { failure } = await readReply(provide(), toModel(`http://127.0.0.1:${port}/v1`))
    expect(failure).toMatchObject({ kind: 'connect', retryable: true })
    expect(failure?.message).toContain('ECONNREFUSED')
  })

  test('a reset before the answer may be tried again', async () => {
    const port = await listen(createServer((socket) => socket.once('data', () => socket.resetAndDestroy())))
    const { failure } = await readReply(provide(), toModel(`http://127.0.0.1:${port}/v1`))
    expect(failure).toMatchObject({ kind: 'connect', retryable: true })
  })

  test('a name that does not resolve is a failed connection', async () => {
    const { failure } = await readReply(provide(), toModel('http://no-such-host.invalid/v1'))
    expect(failure).toMatchObject({ kind: 'connect', retryable: true })
    expect(failure?.message).toMatch(/ENOTFOUND|EAI_AGAIN/)
  })

  test('an address that cannot be used is the operator’s to mend', async () => {
    const { failure } = await readReply(provide(), toModel('http://:80:80/v1'))
    expect(failure).toMatchObject({ kind: 'bad-request', retryable: false })
  })

  test('bytes that are no HTTP are no answer', async () => {
    const port = await listen(
      createServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))),
    )
    const { failure } = await readReply(provide(), toModel(`http://127.0.0.1:${port}/v1`))
    expect(failure).toMatchObject({ kind: 'malformed', retryable: true })
  })
})

describe('F301: TLS fails closed', () => {
  const day = 86_400_000
  const valid = { address: '127.0.0.1', notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) }
  const authority = makeCertificate({ ...valid, name: 'Test authority', isAuthority: true })
  const issuer = { name: 'Test authority', key: authority.key }

  test.each([
    ['a self-signed certificate', makeCertificate({ ...valid, name: 'self' }), 'SELF_SIGNED'],
    [
      'an unknown authority',
      makeCertificate({ ...valid, name: 'server', issuer: { ...issuer, name: 'Nobody' } }),
      'UNABLE_TO',
    ],
    [
      'an expired certificate',
      makeCertificate({ ...valid, name: 'old', issuer, notAfter: new Date(Date.now() - 1000) }),
      'EXPIRED',
    ],
    [
      'a certificate for another host',
      makeCertificate({ ...valid, name: 'other', issuer, address: '127.0.0.2' }),
      'ALTNAME',
    ],
  ])('%s is refused, and the operator reads why', async (_, tls, code) => {
    const endpoint = await start({ models: { owl: {} }, tls })
    const provider = provide({ certificateAuthority: authority.cert })
    const { failure } = await readReply(provider, toModel(endpoint.baseUrl))
    expect(failure).toMatchObject({ kind: 'connect', retryable: false })
    expect(failure?.message).toContain(code)
    expect(endpoint.requests).toHaveLength(0)
  })

  test('a certificate of the authority that the operator named is good', async () => {
    const endpoint = await start({ models: { owl: {} }, tls: makeCertificate({ ...valid, name: 'good', issuer }) })
    const { end } = await readReply(provide({ certificateAuthority: authority.cert }), toModel(endpoint.baseUrl))
    expect(end?.finish).toBe('stop')
  })
})

describe('F316: silence has an end', () => {
  test('a connection that never stands', async () => {
    // Accepts and says nothing, so that the TLS handshake never ends.
    const port = await listen(createServer((socket) => socket.on('error', () => {})))
    const { failure } = await readReply(provide({ limits: { connectMs: 60 } }), toModel(`https://127.0.0.1:${port}/v1`))
    expect(failure).toMatchObject({ kind: 'connect', retryable: true })
    expect(failure?.message).toContain('no connection within 60 ms')
  })

  test('a stall before the headers', async () => {
    const { failure } = await askScripted({ steps: [{ wait: 'forever' }] }, { limits: { firstTokenMs: 60 } })
    expect(failure).toMatchObject({ kind: 'stalled', retryable: false })
    expect(failure?.message).toContain('no token within 60 ms')
  })

  test('a stall before the first token, with headers and an empty chunk', async () => {
    const steps = [{ chunk: '' }, { wait: 'forever' }] as const
    const { failure } = await askScripted({ steps }, { limits: { firstTokenMs: 60 } })
    expect(failure?.message).toContain('no token within 60 ms')
  })

  test('a stall in the middle keeps what came before', async () => {
    const steps = [{ chunk: 'half an' }, { wait: 'forever' }] as const
    const { failure, text } = await askScripted({ steps }, { limits: { betweenTokensMs: 60 } })
    expect(failure).toMatchObject({ kind: 'stalled' })
    expect(failure?.message).toContain('silent for 60 ms')
    expect(text).toBe('half an')
  })

  test('comments and empty chunks are no tokens', async () => {
    const keepAlive = `: keep-alive\n\ndata: {"choices":[]}\n\ndata: {"choices":[{"index":0,"delta":{"content":""}}]}\n\n`
    const steps = [{ chunk: 'half' }, { repeat: keepAlive, pauseMs: 10 }] as const
    const { failure } = await askScripted({ steps }, { limits: { betweenTokensMs: 100 } })
    expect(failure?.message).toContain('silent for 100 ms')
  })

  test('a slow trickle of tokens ends at the total', async () => {
    const token = 'data: {"choices":[{"index":0,"delta":{"content":"x"}}]}\n\n'
    const { failure, text } = await askScripted(
      { steps: [{ repeat: token, pauseMs: 5 }] },
      { limits: { totalMs: 500 } },
    )
    expect(failure?.message).toContain('not complete within 500 ms')
    expect(text).toMatch(/^x+$/)
  })

  test('pauses shorter than the limit harm nothing, however many there are', async () => {
    const slow: Step[] = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((chunk) => [{ chunk }, { wait: 200 }])
    const { text, end } = await askScripted({ steps: [...slow, { end: true }] }, { limits: { betweenTokensMs: 800 } })
    expect(text).toBe('abcdef')
    expect(end?.finish).toBe('stop')
  })
})

describe('F317: a stream that is cut', () => {
  test.each(['fin', 'rst'] as const)('by %s before any text', async (cut) => {
    const { failure, events } = await askSteps({ chunk: '' }, { cut })
    expect(failure).toMatchObject({ kind: 'cut', retryable: true })
    expect(events).toEqual([])
  })

  test.each(['fin', 'rst'] as const)('by %s in the middle', async (cut) => {
    const { failure, text, end } = await askSteps({ chunk: 'half an ' }, { chunk: 'ans' }, { wait: 30 }, { cut })
    expect(failure).toMatchObject({ kind: 'cut' })
    expect(text).toBe('half an ans')
    expect(end).toBeUndefined()
  })

  test.each(['fin', 'rst'] as const)(
    'by %s after the text but before a finish reason is no complete answer',
    async (cut) => {
      const { failure, end } = await askSteps({ chunk: 'All of it.' }, { wait: 30 }, { cut })
      expect(failure).toMatchObject({ kind: 'cut' })
      expect(end).toBeUndefined()
    },
  )

  test.each(['fin', 'rst'] as const)('by %s after the finish reason the answer is whole', async (cut) => {
    const { failure, text, end } = await askSteps({ chunk: 'All of it.' }, { finish: 'stop' }, { wait: 30 }, { cut })
    expect(failure).toBeUndefined()
    expect(text).toBe('All of it.')
    expect(end?.finish).toBe('stop')
  })

  test('an idle connection that the endpoint closed costs no attempt', async () => {
    const endpoint = await start({ models: { owl: {} } })
    const provider = provide()
    await readReply(provider, toModel(endpoint.baseUrl))
    endpoint.dropIdleConnections()
    const { end } = await readReply(provider, toModel(endpoint.baseUrl))
    expect(end?.finish).toBe('stop')
    expect(endpoint.connections).toBe(2)
  })
})

describe('F319: a redirect', () => {
  test.each([301, 302, 303, 307, 308])('with status %i is not followed: prompt and key stay here', async (status) => {
    const elsewhere = await start({ models: { owl: {} } })
    const location = `${elsewhere.baseUrl}/chat/completions`
    const endpoint = await start({ models: { owl: { steps: [{ status, headers: { location }, body: 'moved' }] } } })
    const options = { environment: { MY_KEY: 'sk-test-1234567890' }, endpoint: { apiKeyEnv: 'MY_KEY' } }
    const { failure } = await askAt(endpoint, options)
    expect(failure).toMatchObject({ kind: 'bad-request', retryable: false })
    expect(failure?.message).toContain('redirects are not followed')
    expect(elsewhere.connections).toBe(0)
  })
})

describe('F324: an answer that nobody waits for', () => {
  test.each([
    ['before the headers', [{ wait: 'forever' }]],
    ['in the middle of the text', [{ chunk: 'half' }, { wait: 'forever' }]],
  ] as const)('is aborted at the endpoint %s', async (_, steps) => {
    const endpoint = await start({ models: { owl: { steps } } })
    const leave = new AbortController()
    const reply = readReply(provide(), toModel(endpoint.baseUrl), { signal: leave.signal })
    await expect.poll(() => endpoint.open).toBe(1)
    leave.abort()
    expect((await reply).failure).toMatchObject({ kind: 'aborted', retryable: false })
    // The endpoint itself says so; a connection left open would let this wait until the test's own limit.
    expect(await endpoint.requests[0]?.closed).toBe('aborted')
    expect(endpoint.open).toBe(0)
  })

  test('is aborted when the reader leaves the loop', async () => {
    const endpoint = await start({ models: { owl: { tokensPerSecond: 100, text: 'word '.repeat(5000) } } })
    const signal = new AbortController().signal
    for await (const event of provide().stream({ endpoint: toModel(endpoint.baseUrl), messages: QUESTION, signal })) {
      if (event.type === 'text') break
    }
    expect(await endpoint.requests[0]?.closed).toBe('aborted')
  })

  test('is never asked for when the signal was given before', async () => {
    const endpoint = await start({ models: { owl: {} } })
    const { failure } = await readReply(provide(), toModel(endpoint.baseUrl), { signal: AbortSignal.abort() })
    expect(failure).toMatchObject({ kind: 'aborted' })
    expect(endpoint.connections).toBe(0)
  })

  test('keeps the text so far', async () => {
    const endpoint = await start({ models: { owl: { steps: [{ chunk: 'half' }, { wait: 'forever' }] } } })
    const leave = new AbortController()
    const seen: string[] = []
    const stream = provide().stream({ endpoint: toModel(endpoint.baseUrl), messages: QUESTION, signal: leave.signal })
    await expect(async () => {
      for await (const event of stream) {
        if (event.type === 'text') seen.push(event.text)
        leave.abort()
      }
    }).rejects.toMatchObject({ kind: 'aborted' })
    expect(seen).toEqual(['half'])
  })
})
