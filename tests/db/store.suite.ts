import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VoteId } from '../../contract/ids.ts'
import type { Store } from '../../db/store.ts'
import { readyBattle, setUpArena, voteOn, type Arena } from './arena-facts.ts'
import { describeBattles } from './battle.suite.ts'
import { describeModels } from './model.suite.ts'
import { describePreparedPrompts } from './prompt.suite.ts'
import type { StorePlace } from './store-place.ts'
import { describeVoteLog } from './vote-log.suite.ts'
import { describeVotes } from './vote.suite.ts'

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

  describeModels(() => arena)
  describePreparedPrompts(() => arena)
  describeBattles(() => arena)
  describeVotes(() => arena)
  describeVoteLog(makePlace)

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
