import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startScriptedEndpoint, type Recipe, type ScriptedEndpoint } from '../../support/scripted-endpoint.ts'
import { testArena, type TestArena } from '../../support/test-arena.ts'

const LONG = 'One word after another makes an answer that takes a while to arrive. '.repeat(12).trim()

let endpoint: ScriptedEndpoint
let arena: TestArena

async function openArena(
  models: Record<string, Recipe | readonly Recipe[]>,
  settings: Record<string, string> = {},
): Promise<void> {
  endpoint = await startScriptedEndpoint({ models })
  arena = await testArena({
    models: Object.keys(models).map((name) => ({ name: `shown ${name}`, baseUrl: endpoint.baseUrl, model: name })),
    settings: { FIRST_TOKEN_TIMEOUT_MS: '700', TOKEN_TIMEOUT_MS: '700', ...settings },
  })
}

const steady = (text = LONG): Recipe => ({ text, tokensPerSecond: 400 })

afterEach(async () => {
  await arena.close()
  await endpoint.close()
})

/** Applies frames as a page does, so that what a person sees can be compared with what was generated. */
function shownAfter(
  frames: readonly { type: string; a?: string; b?: string }[],
  battle: { turns: readonly { a: { text: string }; b: { text: string } }[] },
) {
  const last = battle.turns.at(-1)
  const shown = { a: last?.a.text ?? '', b: last?.b.text ?? '' }
  for (const frame of frames) {
    if (frame.type !== 'battle-delta') continue
    shown.a += frame.a ?? ''
    shown.b += frame.b ?? ''
  }
  return shown
}

describe('a live battle', () => {
  beforeEach(() => openArena({ owl: steady(), fox: steady(`${LONG} And then some more.`) }))

  test('streams both answers whole and opens the vote', async () => {
    const client = await arena.join()
    const battle = await client.playTurn('Tell me about words.')
    expect(battle).toMatchObject({
      kind: 'live',
      status: 'streaming',
      turns: [{ turn: 1, generation: 1, prompt: 'Tell me about words.' }],
    })
    const shown = shownAfter(client.frames, battle)
    expect([shown.a, shown.b].sort()).toEqual([LONG, `${LONG} And then some more.`].sort())
    const { reveal } = await client.vote(battle, 'a')
    expect([reveal.a.name, reveal.b.name].sort()).toEqual(['shown fox', 'shown owl'])
    expect(reveal.a.change).toBeGreaterThan(0)
    expect(reveal.b.change).toBeLessThan(0)
  })

  test('goes on for a second turn with the same models, each knowing its own answers alone', async () => {
    const client = await arena.join()
    const battle = await client.playTurn('First question')
    const next = await client.continue(battle.id, 'Second question')
    expect(next.turns).toHaveLength(2)
    await client.next('battle-ready', ({ battleId }) => battleId === battle.id)
    for (const model of ['owl', 'fox']) {
      const bodies = endpoint.requestsFor(model).map(({ body }) => JSON.parse(body).messages)
      expect(bodies).toHaveLength(2)
      const own = model === 'owl' ? LONG : `${LONG} And then some more.`
      expect(bodies[1]).toEqual([
        { role: 'user', content: 'First question' },
        { role: 'assistant', content: own },
        { role: 'user', content: 'Second question' },
      ])
    }
    const { vote } = await client.vote(next, 'tie')
    expect(vote.turn).toBe(2)
    await expect(client.continue(battle.id, 'After the vote')).rejects.toThrow('battle/ended')
  })

  test('a vote on an older turn or generation is refused', async () => {
    const client = await arena.join()
    const battle = await client.playTurn('Once more')
    await client.regenerate(battle.id)
    await client.next('battle-ready', ({ battleId }) => battleId === battle.id)
    await expect(client.vote(battle, 'a')).rejects.toThrow('vote/outdated')
    const [now] = [await client.resume(battle.id)]
    expect(now.turns.at(-1)?.generation).toBe(2)
    await client.vote(now, 'a')
  })

  test('no vote is taken while answers are being written', async () => {
    const client = await arena.join()
    const battle = await client.start({ prompt: 'Slowly' })
    await expect(client.vote(battle, 'a')).rejects.toThrow('vote/not-ready')
    await client.ended(battle.id)
  })

  test('a dropped line goes on where it was: nothing lost, nothing twice, nothing generated again', async () => {
    const client = await arena.join()
    const battle = await client.start({ prompt: 'Keep going' })
    await client.next('battle-delta')
    client.drop()
    await client.connect()
    const from = client.frames.length
    const resumed = await client.resume(battle.id)
    if (resumed.status === 'streaming') await client.next('battle-ready')
    const deltas = client.frames.slice(from)
    const shown = shownAfter(deltas, resumed)
    expect([shown.a, shown.b].sort()).toEqual([LONG, `${LONG} And then some more.`].sort())
    const versions = deltas.filter((frame) => frame.type === 'battle-delta').map(({ version }) => version)
    expect(versions).toEqual(versions.map((_, index) => resumed.version + 1 + index))
    expect(endpoint.requestsFor('owl')).toHaveLength(1)
    expect(endpoint.requestsFor('fox')).toHaveLength(1)
  })

  test('a request sent twice starts one battle', async () => {
    const client = await arena.join()
    const [first, second] = await Promise.all([
      client.start({ prompt: 'Once', requestId: 'the-same-request' }),
      client.start({ prompt: 'Once', requestId: 'the-same-request' }),
    ])
    expect(second.id).toBe(first.id)
    await client.ended(first.id)
    const third = await client.start({ prompt: 'Once', requestId: 'the-same-request' })
    expect(third).toMatchObject({ id: first.id, status: 'ready' })
    expect(endpoint.requests).toHaveLength(2)
  })

  test('two requests to regenerate at once are one generation', async () => {
    const client = await arena.join()
    const battle = await client.playTurn('Twice?')
    const tries = await Promise.allSettled([client.regenerate(battle.id), client.regenerate(battle.id)])
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await client.next('battle-ready', ({ battleId }) => battleId === battle.id)
    expect(endpoint.requestsFor('owl')).toHaveLength(2)
  })

  test('another tab goes on from the new generation, not from the old text', async () => {
    const client = await arena.join()
    const battle = await client.playTurn('Watched from two places')
    const tab = await client.secondTab()
    await tab.resume(battle.id)
    const seen = tab.next('battle-snapshot', ({ battle: view }) => view.status === 'streaming')
    const ready = tab.next('battle-ready')
    await client.regenerate(battle.id)
    expect((await seen).battle.turns.at(-1)).toMatchObject({ generation: 2, a: { text: '' } })
    await ready
    tab.drop()
  })

  test('stop keeps what was read and lets it be judged; the models hear of it at once', async () => {
    const client = await arena.join()
    endpoint.setRecipe('owl', { text: LONG, tokensPerSecond: 20 })
    endpoint.setRecipe('fox', { text: LONG, tokensPerSecond: 20 })
    const battle = await client.start({ prompt: 'Stop me' })
    for (let count = 0; count < 3; count += 1) await client.next('battle-delta')
    client.send({ type: 'battle-stop', requestId: 'stop-request-1', battleId: battle.id })
    await client.next('battle-ready')
    const seen = shownAfter(client.frames, battle)
    const after = await client.resume(battle.id)
    expect(after.turns.at(-1)).toMatchObject({ a: { text: seen.a }, b: { text: seen.b } })
    expect(seen.a.length).toBeLessThan(LONG.length)
    await expect.poll(() => endpoint.open).toBe(0)
    await client.vote(after, 'both_bad')
  })

  test('an empty or oversized prompt is refused and asks nobody', async () => {
    const client = await arena.join()
    await expect(client.start({ prompt: '  \n ' })).rejects.toThrow('prompt/empty')
    await expect(client.start({ prompt: 'x'.repeat(20_001) })).rejects.toThrow('prompt/too-long')
    await expect(client.start({ prompt: 'a\u0000b' })).rejects.toThrow('request/invalid')
    expect(endpoint.requests).toHaveLength(0)
  })
})

describe('models that fail', () => {
  const busy: Recipe = { steps: [{ status: 503, body: 'busy' }] }
  const refused: Recipe = { steps: [{ status: 401, body: 'who are you' }] }

  test('a model that fails before its first token is replaced without the person noticing, and the draw is recorded', async () => {
    await openArena({ owl: steady(), fox: steady(), wren: refused })
    const client = await arena.join()
    for (let round = 0; round < 6; round += 1) {
      const battle = await client.start({ prompt: `Round ${round}` })
      expect(await client.ended(battle.id)).toBe('ready')
      const { reveal } = await client.vote(battle, 'tie')
      expect([reveal.a.name, reveal.b.name].sort()).toEqual(['shown fox', 'shown owl'])
    }
    expect(endpoint.requestsFor('wren').length).toBeGreaterThan(0)
    expect(client.received.join('\n')).not.toContain('wren')
  })

  test('a busy model is asked again before it is given up', async () => {
    await openArena({ owl: [busy, steady()], fox: steady() })
    const client = await arena.join()
    const battle = await client.start({ prompt: 'Again' })
    expect(await client.ended(battle.id)).toBe('ready')
    expect(endpoint.requestsFor('owl')).toHaveLength(2)
  })

  test.each<[string, Recipe]>([
    ['is cut off in the middle', { steps: [{ chunk: 'half an ' }, { wait: 60 }, { cut: 'rst' }] }],
    ['falls silent in the middle', { steps: [{ chunk: 'half an ' }, { wait: 5_000 }] }],
    ['ends without saying that it is complete', { steps: [{ chunk: 'half an answer' }, { raw: 'data: [DONE]\n\n' }] }],
  ])('an answer that %s ends the battle without a vote, naming nobody', async (_what, broken) => {
    await openArena({ owl: { text: LONG, tokensPerSecond: 30 }, fox: broken })
    const client = await arena.join()
    const battle = await client.start({ prompt: 'Break' })
    expect(await client.ended(battle.id)).toBe('failed')
    const view = await client.resume(battle.id)
    expect(view).toMatchObject({
      status: 'failed',
      turns: [{ a: { text: '', ended: true }, b: { text: '', ended: true } }],
    })
    await expect(client.vote(battle, 'a')).rejects.toThrow('vote/not-ready')
    const failed = client.frames.find((frame) => frame.type === 'battle-failed')
    expect(Object.keys(failed ?? {}).sort()).toEqual(['battleId', 'type', 'version'])
    await expect.poll(() => endpoint.open).toBe(0)
  })

  test('with nobody left to draw the battle fails', async () => {
    await openArena({ owl: refused, fox: refused })
    const client = await arena.join()
    const battle = await client.start({ prompt: 'Anyone?' })
    expect(await client.ended(battle.id)).toBe('failed')
  })

  test('thinking is kept apart from the answer', async () => {
    await openArena({ owl: { text: 'Four.', reasoning: 'Two and two make four.' }, fox: { text: 'Five.' } })
    const client = await arena.join()
    const battle = await client.playTurn('2 + 2?')
    expect(client.received.join('\n')).not.toContain('make four')
    const shown = shownAfter(client.frames, battle)
    expect([shown.a, shown.b].sort()).toEqual(['Five.', 'Four.'])
  })
})

describe('an arena', () => {
  test('with one model refuses live battles in words', async () => {
    await openArena({ owl: steady() })
    const client = await arena.join()
    await expect(client.start({ prompt: 'Alone' })).rejects.toThrow('arena/no-models')
  })

  test('lets a voter ask only so often', async () => {
    await openArena({ owl: steady(), fox: steady() }, { LIVE_BATTLES_PER_MINUTE: '2' })
    const client = await arena.join()
    await client.start({ prompt: 'one' })
    await client.start({ prompt: 'two' })
    await expect(client.start({ prompt: 'three' })).rejects.toThrow('request/too-many')
    const refusal = client.frames.find((frame) => frame.type === 'request-refused')
    expect(refusal?.type === 'request-refused' && refusal.retryAfterMs).toBeGreaterThan(0)
    const other = await arena.join()
    await other.start({ prompt: 'from somebody else' })
  })
})
