import { afterEach, expect, test } from 'vitest'
import { startScriptedEndpoint, type ScriptedEndpoint } from '../../support/scripted-endpoint.ts'
import { testArena, type TestArena } from '../../support/test-arena.ts'

const NAMES = ['nightjar-large-7', 'whimbrel-pro-9']
const MAKERS = ['Larch Laboratory', 'Tarn Research Group']
const UPSTREAM = ['upstream-nj-7b', 'upstream-wp-9b']
const KEY = 'sk-live-0123456789abcdef'

let endpoint: ScriptedEndpoint
let arena: TestArena

afterEach(async () => {
  await arena.close()
  await endpoint.close()
})

async function blindArena(texts: readonly [string, string] = ['Twelve.', 'It is twelve, I think.']): Promise<void> {
  endpoint = await startScriptedEndpoint({
    models: {
      [UPSTREAM[0] ?? '']: { text: texts[0], tokensPerSecond: 200, reasoning: 'secret thoughts of the first' },
      [UPSTREAM[1] ?? '']: { text: texts[1], tokensPerSecond: 100, firstTokenMs: 50 },
    },
  })
  process.env.BLIND_TEST_KEY = KEY
  arena = await testArena({
    models: NAMES.map((name, index) => ({
      name,
      baseUrl: endpoint.baseUrl,
      model: UPSTREAM[index] ?? '',
      organization: MAKERS[index] ?? '',
      license: `licence-of-${index}`,
      price: { input: 123.25, output: 456.75 },
    })),
  })
}

/** Every form in which a telling word could hide in what was sent. */
function forms(word: string): string[] {
  const buffer = Buffer.from(word)
  return [
    word,
    word.toLowerCase(),
    encodeURIComponent(word),
    buffer.toString('hex'),
    buffer.toString('base64').replace(/=+$/, ''),
    buffer.toString('base64url'),
  ]
}

async function modelIds(): Promise<string[]> {
  return (await arena.store.listModels()).map(({ id }) => id)
}

test('no byte that a client gets before its vote is stored tells A from B', async () => {
  await blindArena()
  const client = await arena.join()
  client.send({ type: 'leaderboard-watch', arena: 'text', category: 'overall', version: 0 })
  const battle = await client.playTurn('How many months has a year?')
  const resumed = await client.resume(battle.id)
  const second = await client.secondTab()
  await second.resume(battle.id)
  const pages = await Promise.all(
    [
      '/',
      '/api/v1/arena',
      '/api/v1/leaderboard',
      '/api/v1/openapi.json',
      '/api/v1/suggestions',
      '/metrics',
      '/healthz',
      '/readyz',
    ].map(async (path) => {
      const response = await fetch(`${arena.url}${path}`)
      return `${JSON.stringify([...response.headers])} ${await response.text()}`
    }),
  )
  const before = [...client.received, ...second.received, ...pages].join('\n')
  second.drop()

  const telling = [
    ...NAMES,
    ...MAKERS,
    ...UPSTREAM,
    ...(await modelIds()),
    KEY,
    endpoint.baseUrl,
    'licence-of',
    '123.25',
    'secret thoughts',
    'chatcmpl',
  ]
  for (const word of telling) for (const form of forms(word)) expect(before).not.toContain(form)
  expect(resumed.status).toBe('ready')

  // The control: the same search finds the names once they may be known.
  await client.vote(battle, 'a')
  const after = client.received.join('\n')
  for (const name of NAMES) expect(after).toContain(name)
})

test('both sides travel in the same frames, and sides are drawn by a fair coin', async () => {
  await blindArena()
  const client = await arena.join()
  const first = await client.playTurn('Which is longer?')
  const deltas = client.frames.filter((frame) => frame.type === 'battle-delta')
  for (const { a, b, ended } of deltas)
    if (ended.length === 0 && a !== '' && b !== '') expect([...a].length).toBe([...b].length)
  expect(Object.keys(first)).toEqual(['id', 'arena', 'kind', 'version', 'turns', 'status'])
})

test('a battle of somebody else is answered like one that does not exist', async () => {
  await blindArena()
  const [owner, stranger] = [await arena.join(), await arena.join()]
  const battle = await owner.playTurn('Whose is this?')
  const outcomes = await Promise.allSettled([
    stranger.resume(battle.id),
    stranger.resume('AAAAAAAAAAAAAAAAAAAAAA'),
    stranger.vote(battle, 'a'),
  ])
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: new Error('battle/not-found') })
  const codes = stranger.received
    .filter((message) => message.includes('refused'))
    .map((message) => message.replace(/"(requestId|voteId)":"[^"]+"/, '').replace('vote-refused', 'request-refused'))
  expect(new Set(codes).size).toBe(1)
})

test('an answer that names its model or maker marks the vote, which is kept and left out of the leaderboard', async () => {
  await blindArena(['I was made by Larch Laboratory.', 'Nothing to see here at all.'])
  const client = await arena.join()
  const battle = await client.playTurn('Who are you?')
  const { vote, reveal } = await client.vote(battle, 'b')
  expect(vote).toMatchObject({ counted: false, mark: 'identity-leaked' })
  expect(reveal.a).toMatchObject({ rating: null, change: null })
  await expect.poll(async () => (await client.leaderboard()).notCounted.identityLeaked).toBe(1)
  expect((await client.leaderboard()).rows).toEqual([])
})
