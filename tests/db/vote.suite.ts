import { beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../db/store.ts'
import {
  battleOf,
  newBattleId,
  newVoteId,
  newVoterId,
  readyBattle,
  recordVoter,
  turnEndOf,
  turnOf,
  voteOn,
  withdrawalOf,
  type Arena,
} from './arena-facts.ts'

/** Votes and their withdrawal, on any engine. */
export function describeVotes(given: () => Arena): void {
  let store: Store
  let arena: Arena

  beforeAll(() => {
    arena = given()
    store = arena.store
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
}
