import { expect, test } from 'vitest'
import type { BattleView } from '../../contract/battle.ts'
import type { ServerFrame } from '../../contract/socket.ts'
import { announcementsBetween } from '../../web/battle/announcements.ts'
import { type BattleState, NO_BATTLE, reduceBattle } from '../../web/battle/battle-state.ts'
import { battleId, delta, pending, ready, recorded, voteId } from './battle-frames.ts'

const after = (state: BattleState, frame: ServerFrame) => reduceBattle(state, { type: 'frame', frame, at: 0 })
const showing = (battle: BattleView): BattleState => ({ ...NO_BATTLE, battle })

test('no token of an answer is announced', () => {
  const before = showing(pending('one'))
  expect(announcementsBetween(before, after(before, delta('one', 1, 'word', 'word')), true)).toEqual([])
})

test('an answer is announced once, when it ends', () => {
  const before = showing(pending('one'))
  const ended = after(before, delta('one', 1, 'word', 'word', ['b']))
  expect(announcementsBetween(before, ended, true)).toEqual([{ kind: 'answer-ended', side: 'b' }])
  const more = after(ended, delta('one', 2, 'more', ''))
  expect(announcementsBetween(ended, more, true)).toEqual([])
})

test('the end of the last answer also says that a vote is possible', () => {
  const before = after(showing(pending('one')), delta('one', 1, 'x', 'y', ['b']))
  const both = after(before, { type: 'battle-ready', battleId: battleId('one'), version: 2 })
  expect(announcementsBetween(before, both, true)).toEqual([
    { kind: 'answer-ended', side: 'a' },
    { kind: 'voting-open' },
  ])
})

test('a prepared pair is announced as one, not as two answers that ended', () => {
  expect(announcementsBetween(NO_BATTLE, showing(ready('one')), true)).toEqual([{ kind: 'voting-open' }])
})

test('the next prepared pair is announced although the phase before was the same', () => {
  expect(announcementsBetween(showing(ready('one')), showing(ready('two')), true)).toEqual([{ kind: 'voting-open' }])
})

test('the reveal is announced with the names, once', () => {
  const before = showing(ready('one'))
  const revealed = after(before, recorded('one', voteId('1'), 'tie'))
  expect(announcementsBetween(before, revealed, true)).toMatchObject([{ kind: 'revealed', outcome: 'tie' }])
  const again = after(revealed, recorded('one', voteId('1'), 'tie'))
  expect(announcementsBetween(revealed, again, true)).toEqual([])
})

test('a vote without a line is announced as kept', () => {
  const before = showing(ready('one'))
  const vote = {
    voteId: voteId('1'),
    battleId: battleId('one'),
    turn: 1,
    generation: 1,
    outcome: 'a',
    retryAt: null,
  } as const
  const voting = reduceBattle(before, { type: 'vote-given', vote })
  expect(announcementsBetween(before, voting, false)).toEqual([{ kind: 'vote-kept' }])
  expect(announcementsBetween(before, voting, true)).toEqual([])
})
