import { beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../db/store.ts'
import {
  answerOf,
  battleOf,
  newBattleId,
  newVoterId,
  NOON,
  readyBattle,
  turnEndOf,
  turnOf,
  voteOn,
  type Arena,
} from './arena-facts.ts'

/** Battles, their turns and generations, on any engine. */
export function describeBattles(given: () => Arena): void {
  let store: Store
  let arena: Arena

  beforeAll(() => {
    arena = given()
    store = arena.store
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
}
