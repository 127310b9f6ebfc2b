import { beforeAll, describe, expect, test } from 'vitest'
import { PromptId } from '../../contract/ids.ts'
import type { Store } from '../../db/store.ts'
import {
  battleOf,
  modelOf,
  newBattleId,
  NOON,
  preparedAnswerOf,
  recordVoter,
  voteOn,
  type Arena,
} from './arena-facts.ts'

/** Prompts and answers that exist already, on any engine. */
export function describePreparedPrompts(given: () => Arena): void {
  let store: Store
  let arena: Arena

  beforeAll(() => {
    arena = given()
    store = arena.store
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
}
