import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ModelId, PromptId } from '../../contract/ids.ts'
import type { ExportFilter, ExportPage, Store, VoteOnBattle } from '../../db/store.ts'
import { modelOf, NOON, readLog, setUpArena, type Arena } from './arena-facts.ts'
import {
  batchOf,
  importedAnswerOf,
  importedBattleOf,
  importedPromptOf,
  importedVoteOn,
  importInto,
  judgedBy,
  lastRun,
} from './import-facts.ts'
import type { StorePlace } from './store-place.ts'

const bare = () => ({ history: { kind: 'bare' as const } })

const NOTHING = { models: 0, prompts: 0, answers: 0, battles: 0, votes: 0 }

const STYLE = {
  sum_user_tokens: 5,
  turns: 1,
  sum_assistant_a_tokens: 7,
  sum_assistant_b_tokens: 9,
  context_a_tokens: 5,
  context_b_tokens: 5,
  header_count_a: { h1: 0, h2: 1, h3: 0, h4: 0, h5: 0, h6: 0 },
  header_count_b: { h1: 0, h2: 0, h3: 0, h4: 0, h5: 0, h6: 0 },
  list_count_a: { ordered: 1, unordered: 0 },
  list_count_b: { ordered: 0, unordered: 2 },
  bold_count_a: { '**': 1, __: 0 },
  bold_count_b: { '**': 0, __: 0 },
}

/** What every engine must do with an import. */
export function describeImportSink(makePlace: () => Promise<StorePlace>): void {
  let place: StorePlace
  let store: Store
  let arena: Arena
  let logged = 0

  beforeAll(async () => {
    place = await makePlace()
    store = await place.open()
    arena = await setUpArena(store)
  })
  afterAll(async () => {
    await store.close()
    await place.remove()
  })

  /** The log from its beginning, once so many more entries can be read. */
  async function logAfter(more: number) {
    logged += more
    return readLog(store, logged)
  }

  async function exportedVotes(name: string): Promise<VoteOnBattle[]> {
    const { cursor } = await store.findLogEnd()
    const filter: ExportFilter = {
      arenas: [name],
      categories: [],
      languages: [],
      models: [],
      excludedModels: [],
      since: null,
      until: null,
    }
    const items: VoteOnBattle[] = []
    for (let after: string | null = null; ;) {
      const page: ExportPage<VoteOnBattle> = await store.readVotes({ filter, after, upTo: cursor, limit: 100 })
      items.push(...page.items)
      if (page.next === null) return items
      after = page.next
    }
  }

  describe('prompts and answers', () => {
    test('are there after the batch, and told again change nothing', async () => {
      const prompt = importedPromptOf({ arena: 'prompts', text: 'Кто летает ночью?', language: 'ru' })
      const answers = [arena.models.a, arena.models.b].map((modelId) =>
        importedAnswerOf({ promptId: prompt.id, modelId, text: `Сова 🦉 ${modelId}` }),
      )
      expect(await importInto(store, { prompts: [prompt], answers })).toEqual({ ...NOTHING, prompts: 1, answers: 2 })
      expect(await importInto(store, { prompts: [prompt], answers })).toEqual(NOTHING)
      const [listed] = await store.listPreparedPrompts('prompts')
      expect(listed).toMatchObject({ id: prompt.id, language: 'ru', categories: ['language-en'] })
      expect(await store.getPrompt(prompt.id)).toMatchObject({ text: 'Кто летает ночью?' })
    })

    test('a prompt that goes on a conversation is not shown as a prompt of its own', async () => {
      const context = [{ role: 'user' as const, content: 'Hello' }]
      const prompt = importedPromptOf({ arena: 'going on', context, system: 'Be brief.' })
      const answers = [arena.models.a, arena.models.b].map((modelId) =>
        importedAnswerOf({ promptId: prompt.id, modelId }),
      )
      expect(await importInto(store, { prompts: [prompt], answers })).toMatchObject({ prompts: 1, answers: 2 })
      expect(await store.listPreparedPrompts('going on')).toEqual([])
    })
  })

  describe('models', () => {
    test('come in with the batch that names them', async () => {
      const stork = modelOf('stork', { status: 'paused', endpoint: null })
      const battle = importedBattleOf(arena, { models: { a: stork.id, b: arena.models.b } })
      expect(await importInto(store, { models: [stork], battles: [battle] })).toEqual({
        ...NOTHING,
        models: 1,
        battles: 1,
      })
      expect((await store.listModels()).find(({ name }) => name === 'stork')).toMatchObject({ status: 'paused' })
    })

    test('a batch that takes a known model for new is outdated, and none of it stays', async () => {
      const known = modelOf('crane')
      await store.upsertModels([known])
      const again = modelOf('crane', { id: ModelId.parse('crane-by-another-id'), status: 'paused' })
      const prompt = importedPromptOf()
      const batch = await batchOf(store, { models: [again], prompts: [prompt] })
      expect(await store.importBatch(batch)).toEqual({ kind: 'outdated' })
      expect(
        (await store.findImported({ prompts: [prompt.id], answers: [], battles: [], votes: [] })).prompts.size,
      ).toBe(0)
      expect((await store.listModels()).find(({ name }) => name === 'crane')).toMatchObject({ status: 'active' })
    })
  })

  describe('battles and votes', () => {
    test('a battle without texts has votes that count, in the order of the batch', async () => {
      const battles = Array.from({ length: 25 }, () => importedBattleOf(arena, { arena: 'plain' }))
      const votes = battles.map((battle, index) => importedVoteOn(battle, { outcome: index % 2 === 0 ? 'b' : 'tie' }))
      expect(await importInto(store, { battles, votes })).toEqual({ ...NOTHING, battles: 25, votes: 25 })
      const log = (await logAfter(25)).slice(-25)
      expect(log.map(({ id }) => id)).toEqual(votes.map(({ id }) => id))
      expect(log[0]).toEqual({
        id: votes[0]?.id,
        kind: 'vote',
        battleId: battles[0]?.id,
        arena: 'plain',
        models: arena.models,
        voterId: votes[0]?.voterId,
        turn: 1,
        outcome: 'b',
        uncounted: null,
        supersedes: null,
        categories: ['language-en'],
        language: 'en',
        at: NOON,
      })
    })

    test('bare votes are battles of their own, and stand in the log between others as they came', async () => {
      const battle = importedBattleOf(arena, { arena: 'bare' })
      const [one, two, three] = [
        importedVoteOn(battle, {
          ...bare(),
          outcome: 'b',
          judge: 'Ева',
          strength: 2,
          style: STYLE,
          excluded: 'unrated',
        }),
        importedVoteOn(battle, { outcome: 'tie' }),
        importedVoteOn(battle, { ...bare(), outcome: 'both_bad', isBlind: false, isLeaked: true, turn: 2 }),
      ]
      expect(await importInto(store, { battles: [battle], votes: [one, two, three] })).toMatchObject({ votes: 1 })
      const log = (await logAfter(3)).slice(-3)
      expect(log.map(({ id, battleId, outcome, uncounted, turn }) => [id, battleId, outcome, uncounted, turn])).toEqual(
        [
          [one.id, one.id, 'b', 'excluded', 1],
          [two.id, battle.id, 'tie', null, 1],
          [three.id, three.id, 'both_bad', 'revealed', 2],
        ],
      )
      const [first] = await exportedVotes('bare')
      expect(first?.vote).toMatchObject({ judge: 'Ева', strength: 2, excluded: 'unrated', isSuperseded: false })
      expect(first).toMatchObject({
        metadata: STYLE,
        battle: { id: one.id, source: 'set one', turns: [], categories: ['language-en'] },
      })
    })

    test('everything that came with a vote comes out of an export again', async () => {
      const battle = importedBattleOf(arena, { arena: 'details', system: 'Be brief.', gold: 'b' })
      const told = { judge: 'Иван', strength: 2, weight: 0.1, isBlind: false, isLeaked: true }
      const vote = importedVoteOn(battle, {
        ...told,
        style: STYLE,
        excluded: 'source_dedup',
        turn: 3,
        source: 'set two',
      })
      await importInto(store, { battles: [battle], votes: [vote] })
      const [entry] = (await logAfter(1)).slice(-1)
      expect(entry).toMatchObject({ uncounted: 'revealed', turn: 3 })
      const [exported] = await exportedVotes('details')
      expect(exported?.vote).toMatchObject({ ...told, excluded: 'source_dedup', supersedes: null })
      expect(exported?.battle).toMatchObject({ system: 'Be brief.', gold: 'b', source: 'set two', turns: [] })
      expect(exported?.metadata).toEqual(STYLE)
    })

    test('a vote that is excluded or leaked is in the log and says that it does not count', async () => {
      const battles = [1, 2].map(() => importedBattleOf(arena, { arena: 'uncounted' }))
      const [one, other] = battles
      if (!one || !other) throw new Error('there are two battles')
      const votes = [importedVoteOn(one, { excluded: 'unrated' }), importedVoteOn(other, { isLeaked: true })]
      await importInto(store, { battles, votes })
      expect((await logAfter(2)).slice(-2).map(({ uncounted }) => uncounted)).toEqual(['excluded', 'identity-leaked'])
    })

    test('texts of one turn and of several turns can be read like those of battles held here', async () => {
      const prompt = importedPromptOf({ text: 'One?' })
      const [a, b] = [arena.models.a, arena.models.b].map((modelId, index) =>
        importedAnswerOf({ promptId: prompt.id, modelId, text: `One ${index}` }),
      )
      if (!a || !b) throw new Error('there are two answers')
      const single = importedBattleOf(arena, {
        arena: 'texts',
        conversation: { kind: 'prepared', promptId: prompt.id, answers: { a: a.id, b: b.id } },
      })
      const turns = [
        { prompt: 'Two?', answers: { a: '2a', b: '2b' } },
        { prompt: 'And 🦉?', answers: { a: '', b: 'да' } },
      ]
      const double = importedBattleOf(arena, { arena: 'texts', conversation: { kind: 'turns', turns } })
      const votes = [importedVoteOn(single), importedVoteOn(double, { turn: 2 })]
      const batch = { prompts: [prompt], answers: [a, b], battles: [single, double], votes }
      expect(await importInto(store, batch)).toEqual({ ...NOTHING, prompts: 1, answers: 2, battles: 2, votes: 2 })
      await logAfter(2)
      expect((await exportedVotes('texts')).map(({ battle }) => battle.turns)).toEqual([
        [{ prompt: 'One?', answers: { a: 'One 0', b: 'One 1' } }],
        turns,
      ])
      expect(await store.findBattle(double.id)).toMatchObject({ kind: 'prepared', turns: [{ turn: 1 }, { turn: 2 }] })
    })

    test('a known battle becomes gold once, by the first set that knows the right judgement', async () => {
      const battle = importedBattleOf(arena, { arena: 'gold' })
      expect(await importInto(store, { battles: [battle] })).toMatchObject({ battles: 1 })
      const told = await store.importBatch(await batchOf(store, { battles: [{ ...battle, gold: 'a' }] }))
      expect(told).toMatchObject({ kind: 'imported', turnedGold: new Set([battle.id]) })
      expect(await importInto(store, { battles: [{ ...battle, gold: 'b' }] })).toEqual(NOTHING)
      await importInto(store, { votes: [importedVoteOn(battle)] })
      await logAfter(1)
      expect((await exportedVotes('gold'))[0]?.battle.gold).toBe('a')
    })
  })

  describe('a voter who judged a battle more than once', () => {
    const outcomesOf = async (name: string) =>
      (await exportedVotes(name)).map(({ vote }) => [vote.outcome, vote.excluded, vote.isSuperseded])

    test('a later vote takes the place of the earlier one, in one batch or in two', async () => {
      const battle = importedBattleOf(arena, { arena: 'twice' })
      const cast = (at: number, outcome: 'a' | 'b' | 'tie') =>
        importedVoteOn(battle, { ...judgedBy('eve'), at: NOON + at, outcome })
      const [first, second, third] = [cast(1, 'a'), cast(2, 'b'), cast(3, 'tie')]
      await importInto(store, { battles: [battle], votes: [first, second] })
      await importInto(store, { votes: [third] })
      const log = (await logAfter(5)).slice(-5)
      expect(log.map(({ kind, outcome }) => [kind, outcome])).toEqual([
        ['vote', 'a'],
        ['withdrawal', 'a'],
        ['vote', 'b'],
        ['withdrawal', 'b'],
        ['vote', 'tie'],
      ])
      expect(log[1]?.supersedes).toBe(first.id)
      expect(await outcomesOf('twice')).toEqual([
        ['a', 'superseded', true],
        ['b', 'superseded', true],
        ['tie', null, false],
      ])
      expect((await exportedVotes('twice')).map(({ vote }) => vote.supersedes)).toEqual([null, first.id, second.id])
    })

    test('an older vote that comes later leaves the newer one standing', async () => {
      const battle = importedBattleOf(arena, { arena: 'late' })
      const newer = importedVoteOn(battle, { ...judgedBy('eve'), at: NOON, outcome: 'a' })
      const older = importedVoteOn(battle, { ...judgedBy('eve'), at: NOON - 1, outcome: 'b' })
      await importInto(store, { battles: [battle], votes: [newer] })
      await importInto(store, { votes: [older] })
      await logAfter(2)
      expect(await outcomesOf('late')).toEqual([
        ['a', null, false],
        ['b', 'superseded', false],
      ])
    })

    test('votes that say what they replace replace that and nothing else', async () => {
      const battle = importedBattleOf(arena, { arena: 'named' })
      const eve = judgedBy('eve')
      const first = importedVoteOn(battle, { ...eve, hasOwnId: true, history: { kind: 'named', id: null } })
      const beside = importedVoteOn(battle, { ...eve, hasOwnId: true, history: { kind: 'named', id: null } })
      const second = importedVoteOn(battle, { ...eve, hasOwnId: true, history: { kind: 'named', id: first.id } })
      await importInto(store, { battles: [battle], votes: [first, beside, second] })
      await logAfter(4)
      const votes = (await exportedVotes('named')).map(({ vote }) => [vote.id, vote.supersedes, vote.isSuperseded])
      expect(votes).toEqual([
        [first.id, null, true],
        [beside.id, null, false],
        [second.id, first.id, false],
      ])
    })
  })

  describe('what is known already', () => {
    test('a vote with an id of its own is there once', async () => {
      const battle = importedBattleOf(arena, { arena: 'own ids' })
      const vote = importedVoteOn(battle, { hasOwnId: true })
      expect(await importInto(store, { battles: [battle], votes: [vote] })).toMatchObject({ battles: 1, votes: 1 })
      expect(await importInto(store, { battles: [battle], votes: [vote] })).toEqual(NOTHING)
      await logAfter(1)
      expect(await exportedVotes('own ids')).toHaveLength(1)
    })

    test('can be asked for by id', async () => {
      const prompt = importedPromptOf()
      const answer = importedAnswerOf({ promptId: prompt.id, modelId: arena.models.a })
      const battle = importedBattleOf(arena)
      const vote = importedVoteOn(battle)
      await importInto(store, { prompts: [prompt], answers: [answer], battles: [battle], votes: [vote] })
      await logAfter(1)
      const unknown = PromptId.parse('never-imported')
      expect(
        await store.findImported({
          prompts: [prompt.id, unknown],
          answers: [answer.id],
          battles: [battle.id],
          votes: [vote.id],
        }),
      ).toEqual({
        models: new Set(),
        prompts: new Set([prompt.id]),
        answers: new Set([answer.id]),
        battles: new Set([battle.id]),
        votes: new Set([vote.id]),
      })
    })

    test('the keys of votes are read run by run, byte for byte; a batch that brings nothing leaves no run', async () => {
      const before = await lastRun(store)
      const battles = [1, 2, 3].map(() => importedBattleOf(arena, { arena: 'keys' }))
      const batch = await batchOf(store, {
        arena: 'keys',
        battles,
        votes: battles.map((battle) => importedVoteOn(battle)),
      })
      expect(await store.importBatch(batch)).toMatchObject({ kind: 'imported', position: before + 1 })
      await logAfter(3)
      expect(await importInto(store, { battles })).toEqual(NOTHING)
      const run = await store.readImportRun(before)
      expect(run).toMatchObject({ position: before + 1, arena: 'keys' })
      expect(Buffer.from(run?.keys ?? []).equals(batch.keys)).toBe(true)
      expect(await store.readImportRun(before + 1)).toBeUndefined()
    })
  })

  describe('two imports at once', () => {
    test('the one that has not seen what the other stored is outdated and stores nothing', async () => {
      const [one, other] = [importedBattleOf(arena), importedBattleOf(arena)]
      const [first, second] = [
        await batchOf(store, { battles: [one], votes: [importedVoteOn(one)] }),
        await batchOf(store, { battles: [other], votes: [importedVoteOn(other)] }),
      ]
      const results = await Promise.all([store.importBatch(first), store.importBatch(second)])
      expect(results.map(({ kind }) => kind).toSorted()).toEqual(['imported', 'outdated'])
      await logAfter(1)
      const found = await store.findImported({ prompts: [], answers: [], battles: [one.id, other.id], votes: [] })
      expect(found.battles.size).toBe(1)
    })

    test('a batch that has read further back than the last run is outdated', async () => {
      const after = (await lastRun(store)) - 1
      const batch = await batchOf(store, { after, prompts: [importedPromptOf()] })
      expect(await store.importBatch(batch)).toEqual({ kind: 'outdated' })
    })

    test('the same batch told again is recognised, and stored once', async () => {
      const battle = importedBattleOf(arena, { arena: 'again' })
      const batch = await batchOf(store, { battles: [battle], votes: [importedVoteOn(battle)] })
      const first = await store.importBatch(batch)
      expect(await store.importBatch(batch)).toEqual(first)
      await logAfter(1)
      expect(await exportedVotes('again')).toHaveLength(1)
    })
  })

  test('a batch with one thing that cannot be stored is not stored at all, and the log can be opened again', async () => {
    const battle = importedBattleOf(arena, { arena: 'broken' })
    const good = importedVoteOn(battle)
    const bad = importedVoteOn(importedBattleOf(arena, { arena: 'broken' }))
    const prompt = importedPromptOf({ arena: 'broken' })
    const before = await lastRun(store)
    const batch = await batchOf(store, { prompts: [prompt], battles: [battle], votes: [good, bad] })
    await expect(store.importBatch(batch)).rejects.toThrow()
    expect(await lastRun(store)).toBe(before)
    const found = await store.findImported({
      prompts: [prompt.id],
      answers: [],
      battles: [battle.id],
      votes: [good.id],
    })
    expect([found.prompts.size, found.battles.size, found.votes.size]).toEqual([0, 0, 0])
    await store.close()
    store = await place.open()
    arena = { ...arena, store }
    expect(await logAfter(0)).toHaveLength(logged)
  })

  test('a secret is made once, and whoever asks gets the same bytes', async () => {
    expect(await store.findSecret('pepper')).toBeUndefined()
    const proposals = [1, 2, 3].map((byte) => Buffer.alloc(32, byte))
    const kept = await Promise.all(proposals.map((proposed) => store.keepSecret('pepper', proposed, NOON)))
    const first = Buffer.from(kept[0] ?? [])
    expect(proposals.some((proposed) => proposed.equals(first))).toBe(true)
    for (const value of [...kept, await store.findSecret('pepper')])
      expect(first.equals(Buffer.from(value ?? []))).toBe(true)
  })

  test('whoever listens to the log hears of an import', async () => {
    const heard = new Promise<void>((resolve) => void store.onVoteLogGrowth(resolve))
    const battle = importedBattleOf(arena)
    await importInto(store, { battles: [battle], votes: [importedVoteOn(battle)] })
    await heard
    await logAfter(1)
  })
}
