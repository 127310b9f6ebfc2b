import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../db/store.ts'
import { newVoterId, readLog, readyBattle, setUpArena, voteOn, withdrawalOf, type Arena } from './arena-facts.ts'
import type { StorePlace } from './store-place.ts'

/** The log that every number is made from, on any engine. */
export function describeVoteLog(makePlace: () => Promise<StorePlace>): void {
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
}
