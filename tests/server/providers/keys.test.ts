import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createKeyRing } from '../../../server/providers/secrets.ts'
import { runModelsCheck } from '../../../server/models/models-check.ts'
import { createOpenAiProvider } from '../../../server/providers/openai-provider.ts'
import { askScripted, toModel, type Reply } from '../../support/endpoint-client.ts'
import { startScriptedEndpoint, type Step } from '../../support/scripted-endpoint.ts'

const KEY = 'canary/4f9Zq+71x=Lw08bTn'
const FORMS = [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64')]
const ENVIRONMENT = { MY_KEY: `${KEY}\n` }

function occurrences(text: string): number {
  return FORMS.reduce((sum, form) => sum + text.split(form).length - 1, 0)
}

/** Everything of a reply that can be written somewhere, stacks and hidden fields included. */
function everythingIn({ events, failure, notices, text, reasoning }: Reply): string {
  const deep = inspect(
    { events, failure, notices },
    { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null },
  )
  return [deep, failure?.stack ?? '', JSON.stringify(failure), text, reasoning].join('\n')
}

const ECHOES: readonly (readonly [string, readonly Step[]])[] = [
  ['a JSON error', [{ status: 401, body: JSON.stringify({ error: { message: `Bad key ${KEY}`, code: KEY } }) }]],
  ['a plain error', [{ status: 500, body: `<p>${KEY} ${encodeURIComponent(KEY)} ${FORMS[2]}</p>` }]],
  [
    'headers',
    [{ status: 429, headers: { 'retry-after': KEY, 'x-request-id': KEY, 'www-authenticate': KEY }, body: KEY }],
  ],
  ['a redirect', [{ status: 307, headers: { location: `/v1?key=${encodeURIComponent(KEY)}` }, body: KEY }]],
  ['a content type', [{ status: 200, headers: { 'content-type': `text/${KEY}` }, body: KEY }]],
  ['an error in the stream', [{ chunk: 'x' }, { event: { error: { message: `Bearer ${KEY}` } } }]],
  ['an error event', [{ raw: `event: error\ndata: ${KEY}\n\n` }]],
  ['a finish reason', [{ chunk: 'x' }, { finish: KEY }]],
  [
    'ids and model names',
    [{ event: { id: 'a', model: KEY } }, { event: { id: KEY, model: 'b' } }, { chunk: 'x' }, { end: true }],
  ],
  ['the answer', [{ chunk: `My key is ${KEY}, and again ${KEY}.` }, { end: true }]],
  ['the answer, letter by letter', [...Array.from(`Key: ${KEY}!`, (chunk) => ({ chunk })), { end: true }]],
  [
    'the thinking',
    [{ reasoning: `They gave me ${KEY.slice(0, 9)}` }, { reasoning: KEY.slice(9) }, { chunk: 'x' }, { end: true }],
  ],
  ['an answer that is cut after it', [{ chunk: `Key: ${KEY}` }, { wait: 20 }, { cut: 'rst' }]],
  ['an answer cut inside it', [{ chunk: `Key: ${KEY.slice(0, -1)}` }, { wait: 20 }, { cut: 'rst' }]],
  ['bytes that are no HTTP', [{ tcp: `${KEY}\r\n\r\n` }, { cut: 'fin' }]],
  ['broken JSON', [{ raw: `data: {"key": "${KEY}"\n\n` }]],
]

describe('F321: a key never comes back', () => {
  afterEach(() => void vi.restoreAllMocks())

  test.each(ECHOES)('from an endpoint that puts it into %s', async (_, steps) => {
    const written: string[] = []
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => (written.push(String(text)), true))
    const reply = await askScripted({ steps }, { environment: ENVIRONMENT, endpoint: { apiKeyEnv: 'MY_KEY' } })
    vi.restoreAllMocks()
    expect(reply.endpoint.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
    expect(occurrences(everythingIn(reply) + written.join(''))).toBe(0)
  })

  test('the search would find it', async () => {
    const reply = await askScripted({ steps: [{ chunk: `Key: ${KEY}` }, { end: true }] })
    expect(occurrences(everythingIn(reply))).toBeGreaterThan(0)
  })

  test('from the check of the models', async () => {
    const models = Object.fromEntries(ECHOES.map(([name, steps]) => [name, { steps }]))
    const endpoint = await startScriptedEndpoint({ models })
    const provider = createOpenAiProvider({ keys: createKeyRing(ENVIRONMENT) })
    let output = ''
    const code = await runModelsCheck({
      models: ECHOES.map(([name]) => ({
        name,
        endpoint: toModel(endpoint.baseUrl, { model: name, apiKeyEnv: 'MY_KEY' }),
      })),
      provider,
      stdout: { write: (text) => (output += text) },
    })
    provider.close()
    await endpoint.close()
    expect(code).toBe(1)
    expect(endpoint.requests).toHaveLength(ECHOES.length)
    expect(occurrences(output)).toBe(0)
  })

  test('only the endpoint’s own headers go out, whatever the environment says', async () => {
    vi.stubEnv('OPENAI_ORG_ID', 'org-secret')
    vi.stubEnv('OPENAI_PROJECT_ID', 'proj-secret')
    vi.stubEnv('OPENAI_ADMIN_KEY', 'admin-secret')
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-team: secret')
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-another-endpoint')
    const reply = await askScripted({})
    vi.unstubAllEnvs()
    const { headers } = reply.endpoint.requests[0] ?? { headers: {} }
    expect(Object.keys(headers).toSorted()).toEqual(
      ['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host', 'user-agent'].toSorted(),
    )
    expect(headers).toMatchObject({ 'accept-encoding': 'identity', 'content-type': 'application/json' })
    expect(JSON.stringify(headers)).not.toContain('secret')
  })
})

describe('what is hidden from operators’ texts', () => {
  const ring = createKeyRing({ MY_KEY: KEY, SHORT_KEY: 'none', DB_PASSWORD: 'correct horse', HOME: '/root/of/things' })

  test.each([
    [`a ${KEY} b`, 'a [key] b'],
    ['sk-proj-abcDEF123456 and gsk_abcDEF123456', '[key] and [key]'],
    ['Authorization: Bearer abc.def-123', 'Authorization: Bearer [key]'],
    ['?api_key=abcdef123456&x=1', '?api_key=[key]&x=1'],
    ['"apiKey": "abcdef123456"', '"apiKey": "[key]"'],
    ['https://user:pass@host/v1', 'https://[key]@host/v1'],
    ['eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abc', '[key]'],
    ['the correct horse', 'the [key]'],
    ['none of /root/of/things, max_tokens: 2048, task-list', 'none of /root/of/things, max_tokens: 2048, task-list'],
  ])('%s', (text, masked) => {
    expect(ring.mask(text)).toBe(masked)
  })

  test('a key that is asked for later is hidden from then on', () => {
    const later = createKeyRing({ OWL: 'another-value-1' })
    expect(later.mask('another-value-1')).toBe('another-value-1')
    expect(later.find('OWL')).toBe('another-value-1')
    expect(later.mask('another-value-1')).toBe('[key]')
    expect(later.find('FOX')).toBeNull()
    expect(later.find(null)).toBeNull()
  })
})

describe('what is hidden from answers', () => {
  const keys = ['abcdefghij0123456789', 'abcabcabcabcabcabcabc9']

  test('configured keys go, in whatever pieces they come, and everything else stays exactly', () => {
    const piece = fc.oneof(
      fc.constantFrom(...keys, 'abc', 'abcabc', 'abcdefghij', 'a', '9'),
      fc.string({ maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 8 }), (pieces, cuts) => {
        const text = pieces.join('')
        const filter = createKeyRing({ A_KEY: keys[0], B_KEY: keys[1] }).openFilter()
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b), text.length]
        let out = ''
        for (let i = 1; i < places.length; i += 1) out += filter.push(text.slice(places[i - 1], places[i]))
        out += filter.flush()
        for (const key of keys) expect(out).not.toContain(key)
        // Up to three letters of a key may have gone out before it was known to be one.
        const wholeText = text.replaceAll(new RegExp(keys.join('|'), 'g'), '[key]')
        const plain = (masked: string) => masked.replaceAll(/(?:abc|ab|a)*\[key\]/g, '[key]')
        expect(plain(out)).toBe(plain(wholeText))
      }),
      { numRuns: 2000 },
    )
  })

  test('a text that only begins like a key is not held back for ever', () => {
    const filter = createKeyRing({ A_KEY: keys[0] }).openFilter()
    expect(filter.push('xabcde')).toBe('xabc')
    expect(filter.push('f!')).toBe('def!')
    expect(filter.push('abcdef')).toBe('abc')
    expect(filter.flush()).toBe('def')
  })

  test('place holders that people set as keys are left alone, and so are sample keys', () => {
    const filter = createKeyRing({ A_KEY: 'not-needed', B_KEY: 'lm-studio' }).openFilter()
    const text = 'It is not-needed in lm-studio: export OPENAI_API_KEY=sk-your-key-here-123456'
    expect(filter.push(text)).toBe(text)
  })
})
