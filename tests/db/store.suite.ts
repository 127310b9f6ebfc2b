import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PromptId, VoteId } from '../../contract/ids.ts'
import type { Store, VoteLogReader } from '../../db/store.ts'
import {
  answerOf,
  battleOf,
  modelOf,
  newBattleId,
  newVoteId,
  newVoterId,
  NOON,
  preparedAnswerOf,
  readLog,
  readyBattle,
  recordVoter,
  setUpArena,
  turnEndOf,
  turnOf,
  voteOn,
  withdrawalOf,
  type Arena,
} from './arena-facts.ts'

/** A place where one arena is remembered; it can be opened more than once. */
export interface StorePlace {
  open(): Promise<Store>
  openReader(): Promise<VoteLogReader>
  remove(): Promise<void>
}

/** What every engine must do. It is run unchanged on each of them: this suite is the definition of correct. */
export function describeStore(makePlace: () => Promise<StorePlace>): void {
  let place: StorePlace
  let store: Store
  let arena: Arena

  beforeAll(async () => {
    place = await makePlace()
    store = await place.open()
    arena = await setUpArena(store)
  })
  afterAll(async () => {
    await store.close()
    await place.remove()
  })

  describe('models', () => {
    test('a model keeps its id when it is told again, and everything else follows', async () => {
      const first = modelOf('heron')
      await store.upsertModels([first])
      const changed = modelOf('heron', { organization: null, weight: 0.25, price: null, endpoint: null, sample: true })
      const all = await store.upsertModels([changed])
      const { at: _at, ...rest } = changed
      expect(all.filter(({ name }) => name === 'heron')).toEqual([{ ...rest, id: first.id, createdAt: first.at }])
    })

    test('a model comes back as it was told, endpoint and parameters included', async () => {
      const model = modelOf('ibis', {
        endpoint: {
          baseUrl: 'https://models.example/v1',
          model: 'ibis-7b',
          apiKeyEnv: null,
          systemPrompt: 'Отвечай кратко.',
          params: { temperature: 0, stop: ['\n\n'], nested: { top: 1 } },
        },
        modalities: ['text', 'image'],
      })
      await store.upsertModels([model])
      const { at, ...rest } = model
      expect(await store.listModels()).toContainEqual({ ...rest, createdAt: at })
    })

    test('models are listed by name, byte by byte', async () => {
      await store.upsertModels(['b-2', 'Zebra', 'a_1', 'a-1', 'Яна'].map((name) => modelOf(name)))
      const names = (await store.listModels()).map(({ name }) => name)
      expect(names).toEqual(names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))))
      expect(names.indexOf('Zebra')).toBeLessThan(names.indexOf('a-1'))
    })

    test('models can be paused and taken up again', async () => {
      const [one, two] = [modelOf('wren'), modelOf('robin')]
      await store.upsertModels([one, two])
      const statusOf = async () => {
        const found = (await store.listModels()).filter(({ id }) => id === one.id || id === two.id)
        return Object.fromEntries(found.map(({ name, status }) => [name, status]))
      }
      await store.setModelStatus([one.id, two.id], 'paused')
      expect(await statusOf()).toEqual({ wren: 'paused', robin: 'paused' })
      await store.setModelStatus([one.id], 'active')
      expect(await statusOf()).toEqual({ wren: 'active', robin: 'paused' })
      await store.setModelStatus([], 'paused')
      expect(await statusOf()).toEqual({ wren: 'active', robin: 'paused' })
    })
  })

  describe('voters', () => {
    test('a voter is found by the hash of the token and by nothing else', async () => {
      const id = newVoterId()
      await store.recordVoter({ id, tokenHash: 'hash-of-a-token', at: NOON })
      await store.recordVoter({ id, tokenHash: 'hash-of-a-token', at: NOON })
      expect(await store.findVoter('hash-of-a-token')).toBe(id)
      expect(await store.findVoter('HASH-OF-A-TOKEN')).toBeUndefined()
    })
  })

  describe('prepared prompts', () => {
    const batchOf = (arenaName: string, keys: readonly string[]) =>
      keys.flatMap((promptKey) =>
        (['a', 'b'] as const).map((side) =>
          preparedAnswerOf({
            arena: arenaName,
            promptKey,
            modelId: arena.models[side],
            answerKey: `${promptKey}-${side}`,
          }),
        ),
      )

    test('importing the same answers twice changes nothing', async () => {
      const batch = batchOf('imported', ['k2', 'k1'])
      expect(await store.importAnswers(batch)).toEqual({ promptsCreated: 2, answersCreated: 4 })
      const listed = await store.listPreparedPrompts('imported')
      expect(await store.importAnswers(batchOf('imported', ['k2', 'k1']))).toEqual({
        promptsCreated: 0,
        answersCreated: 0,
      })
      expect(await store.listPreparedPrompts('imported')).toEqual(listed)
      expect(listed.map(({ id }) => id)).toEqual([batch[2]?.promptId, batch[0]?.promptId])
      expect(listed[1]).toEqual({
        id: batch[0]?.promptId,
        language: 'ru',
        categories: ['language-ru', 'coding'],
        answers: [
          { id: batch[0]?.answerId, modelId: arena.models.a },
          { id: batch[1]?.answerId, modelId: arena.models.b },
        ],
      })
    })

    test('further answers join a prompt that is known', async () => {
      await store.importAnswers(batchOf('growing', ['p1']).slice(0, 1))
      expect(await store.listPreparedPrompts('growing')).toEqual([])
      expect(await store.importAnswers(batchOf('growing', ['p1']))).toEqual({ promptsCreated: 0, answersCreated: 1 })
      expect((await store.listPreparedPrompts('growing')).map(({ answers }) => answers.length)).toEqual([2])
    })

    test('a batch with an unknown model is not imported at all', async () => {
      const batch = batchOf('refused', ['r1', 'r2'])
      const stranger = modelOf('stranger').id
      const bad = preparedAnswerOf({ arena: 'refused', promptKey: 'r3', modelId: stranger })
      await expect(store.importAnswers([...batch, bad])).rejects.toThrow()
      expect(await store.importAnswers(batch)).toEqual({ promptsCreated: 2, answersCreated: 4 })
    })

    test('prompts of a large batch are listed once each, with texts in the order asked for', async () => {
      const keys = Array.from({ length: 700 }, (_, at) => `key-${String(at).padStart(4, '0')}`)
      const batch = batchOf('large', keys)
      expect(await store.importAnswers(batch)).toEqual({ promptsCreated: 700, answersCreated: 1_400 })
      const ids = (await store.listPreparedPrompts('large')).map(({ id }) => id)
      expect(new Set(ids).size).toBe(700)
      const asked = [...ids].reverse()
      const texts = await store.findPromptTexts(asked)
      expect(texts.map(({ id }) => id)).toEqual(asked)
      expect(texts[0]).toEqual({ id: asked[0], text: 'Prompt key-0699', language: 'ru' })
      expect(await store.getPrompt(asked[0] ?? PromptId.parse('missing-prompt'))).toEqual({
        id: asked[0],
        text: 'Prompt key-0699',
        language: 'ru',
        categories: ['language-ru', 'coding'],
      })
    })

    test('a prompt that does not exist is an error, not an empty text', async () => {
      await expect(store.getPrompt(PromptId.parse('no-such-prompt'))).rejects.toThrow('no-such-prompt')
      expect(await store.findPromptTexts([PromptId.parse('no-such-prompt')])).toEqual([])
    })

    test('a prepared battle shows its texts at once and remembers the pair', async () => {
      await store.importAnswers(batchOf('pairs', ['one', 'two']))
      const prompts = await store.listPreparedPrompts('pairs')
      const voterId = await recordVoter(store)
      const battles = prompts.map(({ id, answers: [a, b] }, at) => {
        if (!a || !b) throw new Error('two answers were imported')
        const prepared = { promptId: id, answers: { a: b.id, b: a.id } }
        const models = { a: b.modelId, b: a.modelId }
        return battleOf({ models, voterId }, { arena: 'pairs', prepared, at: NOON + at })
      })
      for (const battle of battles) await store.recordBattle(battle)
      expect(await store.findBattle(battles[0]?.id ?? newBattleId())).toMatchObject({
        kind: 'prepared',
        status: 'ready',
        identityLeaked: false,
        models: { a: arena.models.b, b: arena.models.a },
        turns: [{ turn: 1, generation: 1, prompt: 'Prompt one', texts: { a: 'An answer.', b: 'An answer.' } }],
      })
      const pairs = battles.map(({ prepared, models }) => ({ promptId: prepared?.promptId, models })).reverse()
      expect(await store.listSeenPairs(voterId, 'pairs', 10)).toEqual(pairs)
      expect(await store.listSeenPairs(voterId, 'pairs', 1)).toEqual(pairs.slice(0, 1))
      expect(await store.listSeenPairs(voterId, 'text', 10)).toEqual([])
      expect(await store.listSeenPairs(arena.voterId, 'pairs', 10)).toEqual([])
    })

    test('a prepared battle with an answer that names its model is marked from the start', async () => {
      const [one, other] = batchOf('leaky', ['leak'])
      if (!one || !other) throw new Error('two answers were made')
      await store.importAnswers([one, { ...other, identityLeaked: true }])
      const battle = battleOf(arena, {
        arena: 'leaky',
        prepared: { promptId: one.promptId, answers: { a: one.answerId, b: other.answerId } },
      })
      await store.recordBattle(battle)
      expect(await store.findBattle(battle.id)).toMatchObject({ identityLeaked: true })
      expect(await store.recordVote(voteOn(battle))).toMatchObject({ vote: { uncounted: 'identity-leaked' } })
    })

    test('a prepared battle cannot give an answer to a model that did not write it', async () => {
      const [one, other] = batchOf('swapped', ['swap'])
      if (!one || !other) throw new Error('two answers were made')
      await store.importAnswers([one, other])
      const prepared = { promptId: one.promptId, answers: { a: other.answerId, b: one.answerId } }
      const battle = battleOf(arena, { arena: 'swapped', prepared })
      await expect(store.recordBattle(battle)).rejects.toThrow(battle.id)
      expect(await store.findBattle(battle.id)).toBeUndefined()
    })
  })

  describe('battles', () => {
    test('a live battle streams, ends and can be read back whole', async () => {
      const battle = battleOf(arena)
      await store.recordBattle(battle)
      await store.recordBattle(battle)
      const started = {
        id: battle.id,
        arena: 'text',
        kind: 'live',
        voterId: arena.voterId,
        models: arena.models,
        status: 'streaming',
        language: 'en',
        categories: ['language-en', 'open-qa'],
        identityLeaked: false,
        createdAt: NOON,
        turns: [{ turn: 1, generation: 1, prompt: battle.prompt, texts: { a: '', b: '' } }],
      }
      expect(await store.findBattle(battle.id)).toEqual(started)
      const end = turnEndOf(battle)
      expect(await store.endTurn(end)).toBe('recorded')
      expect(await store.endTurn(end)).toBe('recorded')
      expect(await store.findBattle(battle.id)).toEqual({
        ...started,
        status: 'ready',
        turns: [{ turn: 1, generation: 1, prompt: battle.prompt, texts: { a: 'The owl.', b: 'The fox is no bird.' } }],
      })
    })

    test('a battle that does not exist is not found', async () => {
      expect(await store.findBattle(newBattleId())).toBeUndefined()
      expect(await store.recordTurn(turnOf(battleOf(arena), {}))).toBe('no-such-battle')
      expect(await store.endTurn(turnEndOf(battleOf(arena)))).toBe('outdated')
    })

    test('no battle is held by an unknown voter, or by a model with itself', async () => {
      await expect(store.recordBattle(battleOf({ ...arena, voterId: newVoterId() }))).rejects.toThrow()
      const { a } = arena.models
      await expect(store.recordBattle(battleOf({ ...arena, models: { a, b: a } }))).rejects.toThrow()
    })

    test('a battle goes on for several turns and keeps the latest generation of each', async () => {
      const battle = await readyBattle(arena)
      const regenerated = turnOf(battle, { turn: 1, generation: 2, prompt: battle.prompt })
      expect(await store.recordTurn(regenerated)).toBe('recorded')
      expect(await store.recordTurn(regenerated)).toBe('recorded')
      expect(await store.findBattle(battle.id)).toMatchObject({
        status: 'streaming',
        turns: [{ turn: 1, generation: 2, texts: { a: '', b: '' } }],
      })
      const answers = { a: answerOf('An owl, again.'), b: answerOf('Still no bird.') }
      expect(await store.endTurn(turnEndOf(battle, { generation: 2, answers }))).toBe('recorded')
      expect(await store.recordTurn(turnOf(battle, {}))).toBe('recorded')
      expect(await store.endTurn(turnEndOf(battle, { turn: 2, categories: ['multi-turn'] }))).toBe('recorded')
      const found = await store.findBattle(battle.id)
      expect(found).toMatchObject({ status: 'ready', categories: ['multi-turn'] })
      expect(found?.turns).toEqual([
        { turn: 1, generation: 2, prompt: battle.prompt, texts: { a: 'An owl, again.', b: 'Still no bird.' } },
        { turn: 2, generation: 1, prompt: 'And by day?', texts: { a: 'The owl.', b: 'The fox is no bird.' } },
      ])
    })

    test('only the next turn or the next generation can follow', async () => {
      const battle = await readyBattle(arena)
      for (const [turn, generation] of [
        [1, 1],
        [1, 3],
        [2, 2],
        [3, 1],
      ] as const) {
        expect(await store.recordTurn(turnOf(battle, { turn, generation }))).toBe('outdated')
      }
      expect(await store.findBattle(battle.id)).toMatchObject({ status: 'ready' })
    })

    test('of two tabs that ask for the same turn one is told that it is late', async () => {
      const battle = await readyBattle(arena)
      const asked = [1, 2, 3, 4].map((tab) => store.recordTurn(turnOf(battle, { prompt: `Tab ${tab}` })))
      expect((await Promise.all(asked)).toSorted()).toEqual(['outdated', 'outdated', 'outdated', 'recorded'])
    })

    test('the end of an older generation changes nothing', async () => {
      const battle = battleOf(arena)
      await store.recordBattle(battle)
      await store.recordTurn(turnOf(battle, { turn: 1, generation: 2 }))
      expect(await store.endTurn(turnEndOf(battle, { identityLeaked: true }))).toBe('outdated')
      expect(await store.findBattle(battle.id)).toMatchObject({
        status: 'streaming',
        identityLeaked: false,
        turns: [{ generation: 2, texts: { a: '', b: '' } }],
      })
    })

    test('a generation ends once, whatever comes later', async () => {
      const battle = await readyBattle(arena)
      const other = turnEndOf(battle, { status: 'failed', failure: 'too late' })
      expect(await store.endTurn(other)).toBe('outdated')
      expect(await store.findBattle(battle.id)).toMatchObject({
        status: 'ready',
        turns: [{ texts: { a: 'The owl.' } }],
      })
    })

    test('a failed battle is kept with the models that were asked at last', async () => {
      const battle = battleOf(arena)
      await store.recordBattle(battle)
      const models = { a: arena.models.b, b: arena.models.a }
      const answers = { a: { ...answerOf(''), finish: 'failed' as const, firstTokenMs: null }, b: answerOf('Half an') }
      await store.endTurn(turnEndOf(battle, { status: 'failed', failure: 'connect ECONNREFUSED', models, answers }))
      expect(await store.findBattle(battle.id)).toMatchObject({
        status: 'failed',
        models,
        turns: [{ texts: { b: 'Half an' } }],
      })
      expect(await store.recordVote(voteOn(battle))).toEqual({ kind: 'not-ready' })
    })

    test('what a node was generating when it went away is marked, and can be asked again', async () => {
      const battle = battleOf(arena, { nodeId: 'node-gone' })
      const ended = await readyBattle(arena, { nodeId: 'node-gone' })
      const elsewhere = battleOf(arena, { nodeId: 'node-alive' })
      await store.recordBattle(battle)
      await store.recordBattle(elsewhere)
      expect(await store.interruptGenerations('node-gone', NOON + 9_000)).toBe(1)
      expect(await store.interruptGenerations('node-gone', NOON + 9_001)).toBe(0)
      expect(await store.findBattle(battle.id)).toMatchObject({ status: 'interrupted' })
      expect(await store.findBattle(ended.id)).toMatchObject({ status: 'ready' })
      expect(await store.findBattle(elsewhere.id)).toMatchObject({ status: 'streaming' })
      expect(await store.endTurn(turnEndOf(battle))).toBe('outdated')
      expect(await store.recordTurn(turnOf(battle, { turn: 1, generation: 2 }))).toBe('recorded')
      expect(await store.endTurn(turnEndOf(battle, { generation: 2 }))).toBe('recorded')
    })

    test('a leak stays with the battle when the answer that leaked is generated again', async () => {
      const battle = await readyBattle(arena, {}, { identityLeaked: true })
      await store.recordTurn(turnOf(battle, { turn: 1, generation: 2 }))
      await store.endTurn(turnEndOf(battle, { generation: 2, identityLeaked: false }))
      expect(await store.findBattle(battle.id)).toMatchObject({ identityLeaked: true })
    })

    test('an abandoned draw is recorded once, however often it is told', async () => {
      const battle = await readyBattle(arena)
      const draw = {
        battleId: battle.id,
        turn: 1,
        side: 'a',
        modelId: arena.models.a,
        reason: '503',
        attempts: 3,
        at: NOON,
      } as const
      await store.recordAbandonedDraw(draw)
      await expect(store.recordAbandonedDraw(draw)).resolves.toBeUndefined()
      await expect(store.recordAbandonedDraw({ ...draw, battleId: newBattleId() })).rejects.toThrow()
    })

    test('any text of a model can be stored, and reads the same on every engine', async () => {
      const text = 'NUL \0 emoji 🦉 quote \' " backslash \\ lone \uD83E end $1 ? %s'
      const battle = await readyBattle(
        arena,
        { prompt: text },
        { answers: { a: answerOf(text), b: answerOf('я'.repeat(300_000)) } },
      )
      const kept = 'NUL \uFFFD emoji 🦉 quote \' " backslash \\ lone \uFFFD end $1 ? %s'
      const [turn] = (await store.findBattle(battle.id))?.turns ?? []
      expect(turn).toMatchObject({ prompt: kept, texts: { a: kept } })
      expect(turn?.texts.b.length).toBe(300_000)
    })
  })

  describe('votes', () => {
    test('a vote is recorded with what it must know of its battle', async () => {
      const battle = await readyBattle(arena)
      const vote = voteOn(battle, 'both_bad')
      const record = {
        id: vote.id,
        battleId: battle.id,
        voterId: arena.voterId,
        models: arena.models,
        arena: 'text',
        turn: 1,
        outcome: 'both_bad',
        uncounted: null,
        at: vote.at,
        withdrawn: false,
      }
      expect(await store.recordVote(vote)).toEqual({ kind: 'recorded', vote: record })
      expect(await store.findVote(battle.id, arena.voterId)).toEqual(record)
      expect(await store.findVote(battle.id, newVoterId())).toBeUndefined()
    })

    test('a vote told twice is one vote, and the first answer stands', async () => {
      const battle = await readyBattle(arena)
      const vote = voteOn(battle)
      const first = await store.recordVote(vote)
      const again = await store.recordVote({ ...vote, at: vote.at + 99 })
      expect(again).toEqual({ ...first, kind: 'repeated' })
    })

    test('a vote told many times at the same moment is one vote', async () => {
      const battle = await readyBattle(arena)
      const vote = voteOn(battle)
      const results = await Promise.all(Array.from({ length: 20 }, () => store.recordVote(vote)))
      const kinds = results.map(({ kind }) => kind).toSorted()
      expect(kinds).toEqual(['recorded', ...Array.from({ length: 19 }, () => 'repeated')].toSorted())
    })

    test('an id that is known with other content is refused', async () => {
      const [battle, other] = [await readyBattle(arena), await readyBattle(arena)]
      const vote = voteOn(battle, 'a')
      await store.recordVote(vote)
      expect(await store.recordVote({ ...vote, outcome: 'b' })).toEqual({ kind: 'conflicting-id' })
      expect(await store.recordVote({ ...vote, battleId: other.id })).toEqual({ kind: 'conflicting-id' })
      expect(await store.recordVote({ ...vote, turn: 2 })).toEqual({ kind: 'conflicting-id' })
      expect(await store.recordWithdrawal(withdrawalOf(vote, { id: vote.id }))).toEqual({ kind: 'conflicting-id' })
      expect(await store.findVote(other.id, arena.voterId)).toBeUndefined()
    })

    test('a voter cannot vote twice on the same battle', async () => {
      const battle = await readyBattle(arena)
      const first = voteOn(battle, 'tie')
      await store.recordVote(first)
      const second = await store.recordVote(voteOn(battle, 'a'))
      expect(second).toMatchObject({ kind: 'already-voted', vote: { id: first.id, outcome: 'tie' } })
    })

    test('of two tabs that vote at the same moment one is counted', async () => {
      const voters = await Promise.all(
        Array.from({ length: 50 }, async () => ({ ...arena, voterId: await recordVoter(store) })),
      )
      const battles = await Promise.all(voters.map((voter) => readyBattle(voter)))
      const results = await Promise.all(
        battles.flatMap((battle) => [store.recordVote(voteOn(battle, 'a')), store.recordVote(voteOn(battle, 'b'))]),
      )
      const kinds = results.map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind === 'recorded')).toHaveLength(50)
      expect(kinds.filter((kind) => kind === 'already-voted')).toHaveLength(50)
    })

    test("nobody votes on another voter's battle, nor learns that it exists", async () => {
      const battle = await readyBattle(arena)
      const stranger = await recordVoter(store)
      expect(await store.recordVote(voteOn(battle, 'a', { voterId: stranger }))).toEqual({ kind: 'no-such-battle' })
      const missing = voteOn(battle, 'a', { battleId: newBattleId() })
      expect(await store.recordVote(missing)).toEqual({ kind: 'no-such-battle' })
    })

    test('a battle that is still streaming takes no vote', async () => {
      const battle = battleOf(arena)
      await store.recordBattle(battle)
      expect(await store.recordVote(voteOn(battle))).toEqual({ kind: 'not-ready' })
      await store.endTurn(turnEndOf(battle))
      expect(await store.recordVote(voteOn(battle))).toMatchObject({ kind: 'recorded' })
    })

    test('a vote on anything but the latest turn and generation is outdated', async () => {
      const battle = await readyBattle(arena)
      await store.recordTurn(turnOf(battle, {}))
      expect(await store.recordVote(voteOn(battle))).toEqual({ kind: 'outdated' })
      await store.endTurn(turnEndOf(battle, { turn: 2 }))
      expect(await store.recordVote(voteOn(battle))).toEqual({ kind: 'outdated' })
      expect(await store.recordVote(voteOn(battle, 'b', { turn: 2, generation: 2 }))).toEqual({ kind: 'outdated' })
      expect(await store.recordVote(voteOn(battle, 'b', { turn: 2 }))).toMatchObject({
        kind: 'recorded',
        vote: { turn: 2 },
      })
    })

    test('a battle with a vote takes no further turn, also after the vote was taken back', async () => {
      const battle = await readyBattle(arena)
      const vote = voteOn(battle)
      await store.recordVote(vote)
      expect(await store.recordTurn(turnOf(battle, {}))).toBe('already-voted')
      await store.recordWithdrawal(withdrawalOf(vote))
      expect(await store.recordTurn(turnOf(battle, {}))).toBe('already-voted')
    })

    test('a vote on answers that named their model is kept and marked', async () => {
      const battle = await readyBattle(arena, {}, { identityLeaked: true })
      expect(await store.recordVote(voteOn(battle))).toMatchObject({
        kind: 'recorded',
        vote: { uncounted: 'identity-leaked' },
      })
    })

    test('a vote that breaks a rule of the store is refused alone', async () => {
      const battles = await Promise.all(Array.from({ length: 9 }, () => readyBattle(arena)))
      const votes = battles.map((battle) => voteOn(battle))
      const poisoned = { ...voteOn(await readyBattle(arena)), outcome: JSON.parse('"maybe"') }
      const results = await Promise.allSettled(
        [...votes.slice(0, 4), poisoned, ...votes.slice(4)].map((vote) => store.recordVote(vote)),
      )
      expect(results.map(({ status }) => status)).toEqual([
        ...Array.from({ length: 4 }, () => 'fulfilled'),
        'rejected',
        ...Array.from({ length: 5 }, () => 'fulfilled'),
      ])
      for (const battle of battles) expect(await store.findVote(battle.id, arena.voterId)).toBeDefined()
    })
  })

  describe('withdrawals', () => {
    test('a vote can be taken back, and the next one on the same battle no longer counts', async () => {
      const battle = await readyBattle(arena)
      const vote = voteOn(battle, 'b')
      await store.recordVote(vote)
      const withdrawal = withdrawalOf(vote)
      expect(await store.recordWithdrawal(withdrawal)).toMatchObject({
        kind: 'withdrawn',
        vote: { id: vote.id, withdrawn: true },
      })
      expect(await store.recordWithdrawal(withdrawal)).toMatchObject({ kind: 'repeated', vote: { id: vote.id } })
      expect(await store.findVote(battle.id, arena.voterId)).toMatchObject({ id: vote.id, withdrawn: true })
      expect(await store.recordVote(vote)).toMatchObject({ kind: 'repeated', vote: { withdrawn: true } })
      const again = voteOn(battle, 'a')
      expect(await store.recordVote(again)).toMatchObject({
        kind: 'recorded',
        vote: { uncounted: 'revealed', withdrawn: false },
      })
      expect(await store.findVote(battle.id, arena.voterId)).toMatchObject({ id: again.id, withdrawn: false })
      expect(await store.recordVote(vote)).toMatchObject({ kind: 'repeated', vote: { withdrawn: true } })
    })

    test('a vote is taken back once, also by two tabs at the same moment', async () => {
      const voter = { ...arena, voterId: await recordVoter(store) }
      const vote = voteOn(await readyBattle(voter))
      await store.recordVote(vote)
      const results = await Promise.all([
        store.recordWithdrawal(withdrawalOf(vote)),
        store.recordWithdrawal(withdrawalOf(vote)),
      ])
      expect(results.map(({ kind }) => kind).toSorted()).toEqual(['not-the-last', 'withdrawn'])
    })

    test('only the last vote can be taken back, in time, by the one who cast it', async () => {
      const voter = { ...arena, voterId: await recordVoter(store) }
      const earlier = voteOn(await readyBattle(voter))
      const later = voteOn(await readyBattle(voter))
      await store.recordVote(earlier)
      await store.recordVote(later)
      expect(await store.recordWithdrawal(withdrawalOf(earlier))).toEqual({ kind: 'not-the-last' })
      expect(await store.recordWithdrawal(withdrawalOf(later, { notBefore: later.at + 1 }))).toEqual({
        kind: 'too-late',
      })
      const stranger = await recordVoter(store)
      expect(await store.recordWithdrawal(withdrawalOf(later, { voterId: stranger }))).toEqual({ kind: 'no-such-vote' })
      const missing = withdrawalOf(later, { supersedes: newVoteId() })
      expect(await store.recordWithdrawal(missing)).toEqual({ kind: 'no-such-vote' })
      const atTheEdge = withdrawalOf(later, { notBefore: later.at })
      expect(await store.recordWithdrawal(atTheEdge)).toMatchObject({ kind: 'withdrawn' })
      expect(await store.recordWithdrawal(withdrawalOf(later, { supersedes: atTheEdge.id }))).toEqual({
        kind: 'no-such-vote',
      })
    })

    test('the id of one withdrawal cannot serve another', async () => {
      const voter = { ...arena, voterId: await recordVoter(store) }
      const first = voteOn(await readyBattle(voter))
      await store.recordVote(first)
      const withdrawal = withdrawalOf(first)
      await store.recordWithdrawal(withdrawal)
      const second = voteOn(await readyBattle(voter))
      await store.recordVote(second)
      expect(await store.recordWithdrawal(withdrawalOf(second, { id: withdrawal.id }))).toEqual({
        kind: 'conflicting-id',
      })
    })
  })

  describe('the vote log', () => {
    let logPlace: StorePlace
    let log: Store
    let voter: Arena

    beforeAll(async () => {
      logPlace = await makePlace()
      log = await logPlace.open()
      voter = await setUpArena(log)
    })
    afterAll(async () => {
      await log.close()
      await logPlace.remove()
    })

    test('an empty log has no entries and no place', async () => {
      expect(await log.readVoteLog(null, 10)).toEqual({ entries: [], cursor: null })
    })

    test('the log tells everything a leaderboard must know, in order, and takes nothing back', async () => {
      const battle = await readyBattle(voter, {}, { categories: ['language-de', 'math'] })
      const vote = voteOn(battle, 'b')
      await log.recordVote(vote)
      const withdrawal = withdrawalOf(vote)
      await log.recordWithdrawal(withdrawal)
      const again = voteOn(battle, 'tie', { at: vote.at + 2_000 })
      await log.recordVote(again)
      const entry = {
        battleId: battle.id,
        arena: 'text',
        models: voter.models,
        voterId: voter.voterId,
        turn: 1,
        categories: ['language-de', 'math'],
        language: 'en',
      }
      expect(await readLog(log, 3)).toEqual([
        { ...entry, id: vote.id, kind: 'vote', outcome: 'b', uncounted: null, supersedes: null, at: vote.at },
        {
          ...entry,
          id: withdrawal.id,
          kind: 'withdrawal',
          outcome: 'b',
          uncounted: null,
          supersedes: vote.id,
          at: withdrawal.at,
        },
        { ...entry, id: again.id, kind: 'vote', outcome: 'tie', uncounted: 'revealed', supersedes: null, at: again.at },
      ])
    })

    test('refused votes leave nothing in the log', async () => {
      const before = (await readLog(log, 3)).length
      const battle = await readyBattle(voter)
      await log.recordVote(voteOn(battle, 'a', { turn: 7 }))
      await log.recordVote(voteOn(battle, 'a', { voterId: newVoterId() }))
      await log.recordVote(voteOn(battle))
      expect(await readLog(log, before + 1)).toHaveLength(before + 1)
    })

    test('a cursor continues exactly where it stands, page by page', async () => {
      const battles = await Promise.all(Array.from({ length: 57 }, () => readyBattle(voter)))
      await Promise.all(battles.map((battle) => log.recordVote(voteOn(battle))))
      const all = await readLog(log, 61)
      expect(all).toHaveLength(61)
      expect(new Set(all.map(({ id }) => id)).size).toBe(61)
      expect(await readLog(log, 61, 7)).toEqual(all)
      const { cursor } = await log.readVoteLog(null, 60)
      const rest = await log.readVoteLog(cursor, 60)
      expect(rest.entries).toEqual(all.slice(60))
      expect(await log.readVoteLog(rest.cursor, 60)).toEqual({ entries: [], cursor: rest.cursor })
    })

    test('a string that is no cursor is refused', async () => {
      await expect(log.readVoteLog("1'; --", 10)).rejects.toThrow('no place')
    })

    test('a follower on a connection of its own hears the doorbell and reads the same log', async () => {
      const reader = await logPlace.openReader()
      const rings = { here: 0, there: 0 }
      const stops = [log.onVoteLogGrowth(() => (rings.here += 1)), reader.onVoteLogGrowth(() => (rings.there += 1))]
      await log.recordVote(voteOn(await readyBattle(voter)))
      await expect.poll(() => rings.here > 0 && rings.there > 0, { timeout: 15_000 }).toBe(true)
      const all = await readLog(log, 62)
      expect(await readLog(reader, 62)).toEqual(all)
      expect(await reader.listModels()).toEqual(await log.listModels())
      for (const stop of stops) stop()
      const before = rings.here
      await log.recordVote(voteOn(await readyBattle(voter)))
      await readLog(log, 63)
      expect(rings.here).toBe(before)
      await reader.close()
    })

    test('everything is still there after closing and opening again', async () => {
      const all = await readLog(log, 63)
      const models = await log.listModels()
      await log.close()
      log = await logPlace.open()
      expect(await readLog(log, 63)).toEqual(all)
      expect(await log.listModels()).toEqual(models)
    })
  })

  describe('operation', () => {
    test('a store that works says so', async () => {
      expect(await store.checkHealth()).toMatchObject({ writable: true, problem: null, needsRestart: false })
    })

    test('a closed store refuses instead of waiting', async () => {
      const other = await makePlace()
      const closed = await other.open()
      const there = await setUpArena(closed)
      const battle = await readyBattle(there)
      const last = closed.recordVote(voteOn(battle))
      await closed.close()
      expect(await last).toMatchObject({ kind: 'recorded' })
      await expect(closed.recordVote(voteOn(battle, 'a', { id: VoteId.parse('vote-too-late') }))).rejects.toMatchObject(
        {
          name: 'StoreError',
          reason: 'unavailable',
        },
      )
      await other.remove()
    })
  })
}
