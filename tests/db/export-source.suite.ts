import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Outcome } from '../../contract/outcome.ts'
import type { ExportFilter, ExportPage, ExportPageRequest, ExportSource } from '../../db/export-source.ts'
import type { NewBattle, NewVote, Store } from '../../db/store.ts'
import {
  answerOf,
  NOON,
  preparedAnswerOf,
  readyBattle,
  recordVoter,
  setUpArena,
  turnEndOf,
  turnOf,
  voteOn,
  withdrawalOf,
  battleOf,
  modelOf,
  readLog,
  type Arena,
} from './arena-facts.ts'
import { importedAnswerOf, importedPromptOf, importInto } from './import-facts.ts'

/** A place where one arena is remembered, and can be read for exports beside its store. */
export interface ExportPlace {
  open(): Promise<Store>
  openSource(): Promise<ExportSource & { close(): Promise<void> }>
  remove(): Promise<void>
}

const ALL: ExportFilter = {
  arenas: [],
  categories: [],
  languages: [],
  models: [],
  excludedModels: [],
  since: null,
  until: null,
}

type Read<T> = (request: ExportPageRequest) => Promise<ExportPage<T>>

/** What every engine must read for an export. Each test has an arena of its own in the same log. */
export function describeExportSource(makePlace: () => Promise<ExportPlace>): void {
  let place: ExportPlace
  let store: Store
  let voter: Arena
  let logged = 0

  beforeAll(async () => {
    place = await makePlace()
    store = await place.open()
    voter = await setUpArena(store)
  })
  afterAll(async () => {
    await store.close()
    await place.remove()
  })

  /** Waits until what was written can be read: on some engines an entry is readable a moment after its commit. */
  async function settle(entries: number): Promise<void> {
    logged += entries
    await readLog(store, logged)
  }

  async function readAll<T>(read: Read<T>, filter: Partial<ExportFilter>, limit = 100): Promise<T[]> {
    const { cursor } = await store.findLogEnd()
    const items: T[] = []
    for (let after: string | null = null; ;) {
      const page: ExportPage<T> = await read({ filter: { ...ALL, ...filter }, after, upTo: cursor, limit })
      items.push(...page.items)
      if (page.next === null) return items
      after = page.next
    }
  }

  const battles = (filter: Partial<ExportFilter>, limit?: number) => readAll(store.readVotedBattles, filter, limit)
  const votes = (filter: Partial<ExportFilter>, limit?: number) => readAll(store.readVotes, filter, limit)

  async function vote(battle: NewBattle, outcome?: Outcome, changes?: Partial<NewVote>) {
    const cast = voteOn(battle, outcome, changes)
    await store.recordVote(cast)
    await settle(1)
    return cast
  }

  describe('voted battles', () => {
    test('a live battle comes with names, texts and its votes', async () => {
      const battle = await readyBattle(voter, { arena: 'live' })
      const cast = await vote(battle, 'b')
      const [a, b] = await namesOf(battle)
      expect(await battles({ arenas: ['live'] })).toEqual([
        {
          id: battle.id,
          arena: 'live',
          models: { a, b },
          language: 'en',
          categories: ['language-en', 'open-qa'],
          source: '',
          isErased: false,
          system: '',
          turns: [{ prompt: 'Which bird sees best at night?', answers: { a: 'The owl.', b: 'The fox is no bird.' } }],
          gold: null,
          votes: [
            {
              id: cast.id,
              judge: expect.stringMatching(/^[0-9a-f]{16}$/),
              turn: 1,
              outcome: 'b',
              strength: null,
              weight: 1,
              isBlind: true,
              isLeaked: false,
              excluded: null,
              supersedes: null,
              isSuperseded: false,
              at: cast.at,
            },
          ],
        },
      ])
    })

    test('a prepared battle comes with the prompt and the answers that existed', async () => {
      const answers = (['a', 'b'] as const).map((side) =>
        preparedAnswerOf({
          arena: 'prepared',
          promptKey: 'export-1',
          modelId: voter.models[side],
          text: `${side}: да`,
          prompt: 'Скажи «да»',
        }),
      )
      await store.importAnswers(answers)
      const [one, other] = answers
      if (!one || !other) throw new Error('there are two answers')
      const battle = battleOf(voter, {
        arena: 'prepared',
        prompt: 'Скажи «да»',
        prepared: { promptId: one.promptId, answers: { a: one.answerId, b: other.answerId } },
      })
      await store.recordBattle(battle)
      await vote(battle)
      const [found] = await battles({ arenas: ['prepared'] })
      expect(found?.turns).toEqual([{ prompt: 'Скажи «да»', answers: { a: 'a: да', b: 'b: да' } }])
    })

    test('a prompt that goes on a conversation brings its earlier turns and its system prompt along', async () => {
      const prompt = importedPromptOf({
        arena: 'continued',
        text: 'And by day?',
        system: 'Answer in one word.',
        context: [
          { role: 'user', content: 'Which bird sees best at night?' },
          { role: 'assistant', content: 'Owl.' },
        ],
      })
      const answers = (['a', 'b'] as const).map((side) =>
        importedAnswerOf({ promptId: prompt.id, modelId: voter.models[side], text: `${side}!` }),
      )
      await importInto(store, { prompts: [prompt], answers })
      const [one, other] = answers
      if (!one || !other) throw new Error('there are two answers')
      const battle = battleOf(voter, {
        arena: 'continued',
        prompt: prompt.text,
        prepared: { promptId: prompt.id, answers: { a: one.id, b: other.id } },
      })
      await store.recordBattle(battle)
      await vote(battle)
      const expected = {
        system: 'Answer in one word.',
        turns: [
          { prompt: 'Which bird sees best at night?', answers: { a: 'Owl.', b: 'Owl.' } },
          { prompt: 'And by day?', answers: { a: 'a!', b: 'b!' } },
        ],
      }
      const [found] = await battles({ arenas: ['continued'] })
      expect(found).toMatchObject(expected)
      expect(found?.votes.map(({ turn }) => turn)).toEqual([2])
      const [said] = await votes({ arenas: ['continued'] })
      expect(said?.battle).toMatchObject(expected)
      expect(said?.vote.turn).toBe(2)
    })

    test('of a turn that was asked again only the last answers count', async () => {
      const battle = await readyBattle(voter, { arena: 'turns' })
      await store.recordTurn(turnOf(battle, { prompt: 'And by day?' }))
      await store.endTurn(turnEndOf(battle, { turn: 2, answers: { a: answerOf('none'), b: answerOf('none') } }))
      await store.recordTurn(turnOf(battle, { prompt: 'And by day?', generation: 2, at: NOON + 3_000 }))
      await store.endTurn(
        turnEndOf(battle, { turn: 2, generation: 2, answers: { a: answerOf('The hawk.'), b: answerOf('The cat.') } }),
      )
      await vote(battle, 'a', { turn: 2, generation: 2 })
      const [found] = await battles({ arenas: ['turns'] })
      expect(found?.turns.map(({ answers }) => answers.a)).toEqual(['The owl.', 'The hawk.'])
      expect(found?.turns.at(-1)?.prompt).toBe('And by day?')
      expect(found?.votes.map(({ turn }) => turn)).toEqual([2])
    })

    test('a battle without votes is none', async () => {
      await readyBattle(voter, { arena: 'unvoted' })
      expect(await battles({ arenas: ['unvoted'] })).toEqual([])
    })

    test('battles come in the order of their first votes, each once, in pages of any size', async () => {
      const held = await Promise.all(Array.from({ length: 9 }, () => readyBattle(voter, { arena: 'paged' })))
      const order = [4, 0, 7, 2, 8, 1, 6, 3, 5].flatMap((index) => held[index] ?? [])
      for (const battle of order) await vote(battle)
      const ids = order.map(({ id }) => id)
      for (const limit of [1, 2, 5, 100]) {
        expect((await battles({ arenas: ['paged'] }, limit)).map(({ id }) => id)).toEqual(ids)
        expect((await votes({ arenas: ['paged'] }, limit)).map(({ battle }) => battle.id)).toEqual(ids)
      }
    })

    test('a page of heavy answers is cut short, and nothing is lost', async () => {
      const heavy = 'ж'.repeat(1_500_000)
      const held: NewBattle[] = []
      for (let index = 0; index < 3; index += 1) {
        const battle = await readyBattle(
          voter,
          { arena: 'heavy' },
          { answers: { a: answerOf(heavy), b: answerOf(heavy) } },
        )
        held.push(battle)
        await vote(battle)
      }
      const { cursor: upTo } = await store.findLogEnd()
      const filter = { ...ALL, arenas: ['heavy'] }
      const first = await store.readVotedBattles({ filter, after: null, upTo, limit: 1000 })
      expect(first.items).toHaveLength(1)
      expect((await battles({ arenas: ['heavy'] }, 1000)).map(({ id }) => id)).toEqual(held.map(({ id }) => id))
      expect(await votes({ arenas: ['heavy'] }, 1000)).toHaveLength(3)
    })
  })

  describe('votes', () => {
    test('a vote that was taken back says so, and the next one names the one it replaces', async () => {
      const battle = await readyBattle(voter, { arena: 'withdrawn' })
      const first = await vote(battle, 'a')
      await store.recordWithdrawal(withdrawalOf(first))
      await settle(1)
      const second = await vote(battle, 'b', { at: first.at + 2_000 })
      const expected = [
        { id: first.id, outcome: 'a', excluded: 'withdrawn', supersedes: null, isSuperseded: true, isBlind: true },
        { id: second.id, outcome: 'b', excluded: null, supersedes: first.id, isSuperseded: false, isBlind: false },
      ]
      expect((await votes({ arenas: ['withdrawn'] })).map((item) => item.vote)).toMatchObject(expected)
      expect((await battles({ arenas: ['withdrawn'] }))[0]?.votes).toMatchObject(expected)
    })

    test('a vote on an answer that names its model is marked', async () => {
      await vote(await readyBattle(voter, { arena: 'leaked' }, { identityLeaked: true }))
      expect((await votes({ arenas: ['leaked'] }))[0]?.vote).toMatchObject({ isLeaked: true, isBlind: true })
    })

    test('a voter has the same pseudonym in every vote, and another voter another one', async () => {
      const other: Arena = { ...voter, voterId: await recordVoter(store) }
      for (const arena of [voter, voter, other]) await vote(await readyBattle(arena, { arena: 'judges' }))
      const judges = (await votes({ arenas: ['judges'] })).map((item) => item.vote.judge)
      expect(judges[0]).toBe(judges[1])
      expect(judges[2]).not.toBe(judges[0])
      expect(JSON.stringify(judges)).not.toContain(voter.voterId)
    })

    test('what is said after an export began is not read by it', async () => {
      await vote(await readyBattle(voter, { arena: 'later' }))
      const { cursor: upTo, entries } = await store.findLogEnd()
      expect(entries).toBe(logged)
      const kept = await readyBattle(voter, { arena: 'later' })
      await vote(kept)
      const page = await store.readVotes({ filter: { ...ALL, arenas: ['later'] }, after: null, upTo, limit: 10_000 })
      expect(page).toMatchObject({ next: null, passed: entries })
      expect(page.items).toHaveLength(1)
      expect(await votes({ arenas: ['later'] })).toHaveLength(2)
    })
  })

  describe('filters', () => {
    test('arena, language, category, models and period all cut the same log', async () => {
      const crane = await addModel('crane')
      const birds: Arena = { ...voter, models: { a: voter.models.a, b: crane } }
      const russian = await readyBattle(
        voter,
        { arena: 'cut', language: 'ru' },
        { categories: ['language-ru', 'math'] },
      )
      const english = await readyBattle(
        birds,
        { arena: 'cut' },
        { models: birds.models, categories: ['language-en', 'coding'] },
      )
      const early = await vote(russian, 'a', { at: NOON + 10_000 })
      const late = await vote(english, 'b', { at: NOON + 20_000 })
      const found = async (filter: Partial<ExportFilter>) => {
        const ofVotes = (await votes({ arenas: ['cut'], ...filter })).map((item) => item.vote.id)
        const ofBattles = (await battles({ arenas: ['cut'], ...filter })).flatMap((item) =>
          item.votes.map(({ id }) => id),
        )
        expect(ofBattles).toEqual(ofVotes)
        return ofVotes
      }
      expect(await found({})).toEqual([early.id, late.id])
      expect(await found({ languages: ['ru'] })).toEqual([early.id])
      expect(await found({ languages: ['ru', 'en'] })).toEqual([early.id, late.id])
      expect(await found({ categories: ['coding'] })).toEqual([late.id])
      expect(await found({ categories: ['overall'] })).toEqual([early.id, late.id])
      expect(await found({ models: ['crane'] })).toEqual([late.id])
      expect(await found({ excludedModels: ['crane'] })).toEqual([early.id])
      expect(await found({ models: ['no such model'] })).toEqual([])
      expect(await found({ since: late.at })).toEqual([late.id])
      expect(await found({ until: late.at })).toEqual([early.id])
      expect(await found({ since: early.at, until: early.at + 1 })).toEqual([early.id])
    })
  })

  test('a connection of its own reads the same beside the store', async () => {
    const source = await place.openSource()
    const { cursor: upTo } = await source.findLogEnd()
    const request = { filter: ALL, after: null, upTo, limit: 10_000 }
    expect(await source.findLogEnd()).toEqual(await store.findLogEnd())
    expect(await source.readVotes(request)).toEqual(await store.readVotes(request))
    expect(await source.readVotedBattles(request)).toEqual(await store.readVotedBattles(request))
    expect(await source.listModels()).toEqual(await store.listModels())
    await source.close()
  })

  test('a string that is no place of the log is refused', async () => {
    const { cursor: upTo } = await store.findLogEnd()
    const request = { filter: ALL, after: '1@x; --', upTo, limit: 10 }
    await expect(store.readVotes(request)).rejects.toThrow('no place')
    await expect(store.readVotes({ ...request, after: 'nonsense' })).rejects.toThrow('no place')
  })

  test('an empty log has an end, and nothing before it', async () => {
    const other = await makePlace()
    const empty = await other.open()
    expect(await empty.findLogEnd()).toEqual({ cursor: null, entries: 0 })
    expect(await empty.readVotes({ filter: ALL, after: null, upTo: null, limit: 10 })).toEqual({
      items: [],
      next: null,
      passed: 0,
    })
    await empty.close()
    await other.remove()
  })

  async function namesOf({ models }: NewBattle): Promise<[string | undefined, string | undefined]> {
    const known = await store.listModels()
    const nameOf = (side: 'a' | 'b') => known.find(({ id }) => id === models[side])?.name
    return [nameOf('a'), nameOf('b')]
  }

  async function addModel(name: string) {
    const model = modelOf(name)
    await store.upsertModels([model])
    return model.id
  }
}
