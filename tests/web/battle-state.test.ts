import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../contract/errors.ts'
import { VoteId } from '../../contract/ids.ts'
import type { ServerFrame } from '../../contract/socket.ts'
import {
  type BattleEvent,
  type BattleState,
  canVote,
  type GivenVote,
  NO_BATTLE,
  phaseOf,
  reduceBattle,
  screenOf,
} from '../../web/battle/battle-state.ts'
import {
  battleId,
  delta,
  fox,
  owl,
  pending,
  ready,
  recorded,
  requestId,
  snapshot,
  turn,
  voteId,
} from './battle-frames.ts'

const AT = 1_000_000

const play = (events: readonly BattleEvent[], from: BattleState = NO_BATTLE) => events.reduce(reduceBattle, from)
const heard = (frame: ServerFrame, at = AT): BattleEvent => ({ type: 'frame', frame, at })
const asked = (
  request: string,
  kind: 'start' | 'continue' | 'regenerate' = 'start',
  prompt: string | null = 'Why?',
): BattleEvent => ({
  type: 'asked',
  asking: { requestId: request, kind, prompt, since: AT },
})
const vote = (battle: string, id = voteId('1'), over: Partial<GivenVote> = {}): GivenVote => ({
  voteId: id,
  battleId: battleId(battle),
  turn: 1,
  generation: 1,
  outcome: 'a',
  retryAt: null,
  ...over,
})
const given = (battle: string, id = voteId('1')): BattleEvent => ({ type: 'vote-given', vote: vote(battle, id) })
const voteRefused = (id: string, code: ErrorCode, retryAfterMs?: number): BattleEvent =>
  heard({
    type: 'vote-refused',
    voteId: VoteId.parse(id),
    code,
    message: 'text for people',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })

const START = requestId('start')
const streaming = (battle = pending('one')) => play([asked(START), heard(snapshot(battle, START))])
const readyState = (battle = ready('one')) => play([asked(START), heard(snapshot(battle, START))])
const revealedState = () => play([given('one'), heard(recorded('one', voteId('1'), 'a'))], readyState())
const texts = ({ battle }: BattleState) => battle?.turns.map(({ a, b }) => [a.text, b.text])

describe('a battle from its question to its names', () => {
  test('the page waits with the prompt until the battle is there', () => {
    const waiting = play([asked(START)])
    expect(screenOf(waiting, true)).toBe('waiting')
    expect(waiting.asking?.prompt).toBe('Why?')
    expect(screenOf(streaming(), true)).toBe('battle')
  })

  test('both answers grow by what each frame brings, and the vote opens only when both have ended', () => {
    const first = play(
      [heard(delta('one', 1, 'Scat', 'Be')), heard(delta('one', 2, 'tering', 'cause', ['b']))],
      streaming(),
    )
    expect(texts(first)).toEqual([['Scattering', 'Because']])
    expect(first.battle?.turns[0]?.b.ended).toBe(true)
    expect(first.battle?.turns[0]?.a.ended).toBe(false)
    expect(canVote(first)).toBe(false)
    const both = play([heard({ type: 'battle-ready', battleId: battleId('one'), version: 3 })], first)
    expect(phaseOf(both)).toBe('ready')
    expect(canVote(both)).toBe(true)
    expect(both.battle?.turns[0]?.a.ended).toBe(true)
  })

  test('a vote is on its way until it is acknowledged, and cannot be given twice meanwhile', () => {
    const sent = play([given('one')], readyState())
    expect(phaseOf(sent)).toBe('voting')
    expect(canVote(sent)).toBe(false)
  })

  test('the acknowledgement reveals both names and starts the minute to take the vote back', () => {
    const revealed = revealedState()
    expect(phaseOf(revealed)).toBe('revealed')
    expect(revealed.battle).toMatchObject({ status: 'revealed', reveal: { a: owl, b: fox } })
    expect(revealed.undoUntil).toBe(AT + 60_000)
    expect(revealed.vote).toBeNull()
  })

  test('a battle that could not be compared takes no vote', () => {
    const failed = play([heard({ type: 'battle-failed', battleId: battleId('one'), version: 1 })], streaming())
    expect(phaseOf(failed)).toBe('failed')
    expect(canVote(failed)).toBe(false)
  })

  test('an interrupted battle takes no vote and can be asked again', () => {
    const interrupted = play([heard(snapshot(pending('one', { status: 'interrupted', version: 9 })))], streaming())
    expect(phaseOf(interrupted)).toBe('interrupted')
    const again = play(
      [
        asked(requestId('again'), 'regenerate', null),
        heard(snapshot(pending('one', { turns: [turn({ generation: 2 })] }), requestId('again'))),
      ],
      interrupted,
    )
    expect(phaseOf(again)).toBe('streaming')
    expect(again.battle?.turns[0]?.generation).toBe(2)
  })
})

describe('frames that come twice, late or not at all', () => {
  test('a doubled delta adds nothing', () => {
    const once = play([heard(delta('one', 1, 'x', 'y'))], streaming())
    expect(play([heard(delta('one', 1, 'x', 'y'))], once)).toBe(once)
  })

  test('a delta of a battle that was left changes nothing', () => {
    const other = play([asked(requestId('two')), heard(snapshot(pending('two'), requestId('two')))], streaming())
    expect(play([heard(delta('one', 1, 'late', 'late'))], other)).toBe(other)
  })

  test('a gap is never filled with the wrong text: the battle is fetched again', () => {
    const gap = play([heard(delta('one', 3, 'x', 'y'))], streaming())
    expect(texts(gap)).toEqual([['', '']])
    expect(gap.behind).toBe(true)
    const whole = pending('one', { version: 3, turns: [turn({ a: 'abx', b: 'cdy' })] })
    const caughtUp = play(
      [
        { type: 'resume-asked', requestId: requestId('resume'), battleId: battleId('one') },
        heard(snapshot(whole, requestId('resume'))),
        heard(delta('one', 4, '!', '!')),
      ],
      gap,
    )
    expect(caughtUp.behind).toBe(false)
    expect(texts(caughtUp)).toEqual([['abx!', 'cdy!']])
  })

  test('a snapshot after a restart replaces the battle although its version is lower', () => {
    const far = play([heard(delta('one', 1, 'a', 'b')), heard(delta('one', 2, 'a', 'b'))], streaming())
    const restarted = play([heard(snapshot(pending('one', { status: 'interrupted', version: 0 })))], far)
    expect(restarted.battle?.version).toBe(0)
    expect(phaseOf(restarted)).toBe('interrupted')
  })

  test('the answer to a request that was given up opens nothing', () => {
    const left = play([asked(START), { type: 'left' }])
    expect(play([heard(snapshot(pending('one'), START))], left)).toBe(left)
    expect(screenOf(left, true)).toBe('empty')
  })

  test('a doubled acknowledgement does not give the minute anew', () => {
    const revealed = revealedState()
    expect(play([heard(recorded('one', voteId('1'), 'a'), AT + 30_000)], revealed)).toBe(revealed)
  })

  test('an acknowledgement for another battle reveals nothing here', () => {
    const here = readyState()
    expect(play([heard(recorded('two', voteId('9'), 'b'))], here)).toBe(here)
  })
})

describe('a vote and a broken line', () => {
  test('a vote outlives a snapshot that does not know it yet, and is acknowledged once', () => {
    const resumed = play(
      [
        given('one'),
        { type: 'resume-asked', requestId: requestId('resume'), battleId: battleId('one') },
        heard(snapshot(ready('one'), requestId('resume'))),
      ],
      readyState(),
    )
    expect(phaseOf(resumed)).toBe('voting')
    expect(phaseOf(play([heard(recorded('one', voteId('1'), 'a'))], resumed))).toBe('revealed')
  })

  test('a snapshot with our own vote in it is its acknowledgement', () => {
    const waiting = play([given('one')], readyState())
    const seen = play([heard(snapshot(revealedView(voteId('1'))))], waiting)
    expect(phaseOf(seen)).toBe('revealed')
    expect(seen.note).toBeNull()
    expect(seen.undoUntil).toBe(AT + 60_000)
  })

  test('a snapshot with a vote of another tab says so and shows the names', () => {
    const seen = play([heard(snapshot(revealedView(voteId('2'))))], play([given('one')], readyState()))
    expect(phaseOf(seen)).toBe('revealed')
    expect(seen.note).toBe('vote/already-voted')
  })

  test('a refusal that passes keeps the vote and says when it goes out again', () => {
    const kept = play([given('one'), voteRefused(voteId('1'), 'store/unavailable', 700)], readyState())
    expect(phaseOf(kept)).toBe('voting')
    expect(kept.vote?.retryAt).toBe(AT + 700)
    expect(kept.note).toBe('store/unavailable')
    expect(play([heard(recorded('one', voteId('1'), 'a'))], kept).note).toBeNull()
  })

  test.each(['vote/outdated', 'vote/not-ready', 'vote/conflicting-id', 'vote/already-voted'] as const)(
    'a vote that is refused for good with %s is dropped with its reason',
    (code) => {
      const refused = play([given('one'), voteRefused(voteId('1'), code)], readyState())
      expect(refused.vote).toBeNull()
      expect(refused.note).toBe(code)
      expect(phaseOf(refused)).toBe('ready')
    },
  )

  test('the refusal of an older vote does not touch the one on its way', () => {
    const sent = play([given('one', voteId('2'))], readyState())
    expect(play([voteRefused(voteId('1'), 'vote/outdated')], sent)).toBe(sent)
  })
})

describe('taking a vote back', () => {
  const withdrawal: BattleEvent = {
    type: 'withdrawal-given',
    voteId: voteId('undo'),
    supersedes: voteId('1'),
    battleId: battleId('one'),
  }
  const withdrawn = heard({
    type: 'vote-withdrawn',
    battleId: battleId('one'),
    voteId: voteId('undo'),
    supersedes: voteId('1'),
  })

  test('the keys come back, the names stay known, and there is nothing left to undo', () => {
    const back = play([withdrawal, withdrawn], revealedState())
    expect(phaseOf(back)).toBe('withdrawn')
    expect(canVote(back)).toBe(true)
    expect(back.undoUntil).toBeNull()
    expect(back.battle).toMatchObject({ status: 'revealed', vote: null, reveal: { a: owl } })
  })

  test('a vote after a withdrawal is revealed again with its mark', () => {
    const again = play([withdrawal, withdrawn, given('one', voteId('3'))], revealedState())
    expect(phaseOf(again)).toBe('voting')
    const frame = recorded('one', voteId('3'), 'b')
    expect(phaseOf(play([heard(frame)], again))).toBe('revealed')
  })

  test('a doubled withdrawal changes nothing', () => {
    const back = play([withdrawal, withdrawn], revealedState())
    expect(play([withdrawn], back)).toBe(back)
  })

  test('when the minute is over the vote stands and the reason is said', () => {
    const late = play([withdrawal, voteRefused(voteId('undo'), 'vote/too-late')], revealedState())
    expect(phaseOf(late)).toBe('revealed')
    expect(late.undoUntil).toBeNull()
    expect(late.withdrawal).toBeNull()
    expect(late.note).toBe('vote/too-late')
  })

  test('a withdrawal that is refused for the time being is still on its way', () => {
    const waiting = play([withdrawal, voteRefused(voteId('undo'), 'request/too-many')], revealedState())
    expect(waiting.withdrawal?.voteId).toBe(voteId('undo'))
  })
})

describe('the next pair', () => {
  const next: BattleEvent = { type: 'next-asked', requestId: requestId('next') }

  test('it is shown at once when it is already there', () => {
    const both = play([next, heard(snapshot(ready('two', { kind: 'prepared' }), requestId('next')))], revealedState())
    expect(both.battle?.id).toBe(battleId('one'))
    const shown = play([{ type: 'next-wanted', at: AT }], both)
    expect(shown.battle?.id).toBe(battleId('two'))
    expect(phaseOf(shown)).toBe('ready')
    expect(shown.next).toBeNull()
    expect(shown.undoUntil).toBeNull()
  })

  test('wanted before it has come, it is what the page waits for', () => {
    const waiting = play([next, { type: 'next-wanted', at: AT }], revealedState())
    expect(screenOf(waiting, true)).toBe('waiting')
    const shown = play([heard(snapshot(ready('two'), requestId('next')))], waiting)
    expect(shown.battle?.id).toBe(battleId('two'))
  })

  test('when there is none the reveal stays as it is', () => {
    const none = play(
      [
        next,
        heard({
          type: 'request-refused',
          requestId: requestId('next'),
          code: 'arena/nothing-prepared',
          message: 'text for people',
        }),
      ],
      revealedState(),
    )
    expect(none.next).toBeNull()
    expect(phaseOf(none)).toBe('revealed')
  })
})

describe('refused wishes', () => {
  const refused = (request: string, code: ErrorCode, retryAfterMs?: number): BattleEvent =>
    heard({
      type: 'request-refused',
      requestId: requestId(request),
      code,
      message: 'text for people',
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })

  test('a battle that cannot be started fills the page with its reason, its time and the prompt', () => {
    const state = play([asked(START), refused('start', 'request/too-many', 42_000)])
    expect(screenOf(state, true)).toBe('refused')
    expect(state.refusal).toEqual({ code: 'request/too-many', retryAt: AT + 42_000, prompt: 'Why?' })
  })

  test('a follow-up that is refused leaves the battle as it was, with a note', () => {
    const state = play([asked(requestId('more'), 'continue', 'And?'), refused('more', 'battle/ended')], readyState())
    expect(phaseOf(state)).toBe('ready')
    expect(state.note).toBe('battle/ended')
    expect(canVote(state)).toBe(true)
  })

  test('a battle of before a reload that is gone leads back to the beginning', () => {
    const resuming = play([{ type: 'resume-asked', requestId: requestId('resume'), battleId: battleId('old') }])
    expect(screenOf(resuming, true)).toBe('connecting')
    expect(play([refused('resume', 'battle/not-found')], resuming)).toBe(NO_BATTLE)
  })

  test('a stop that came too late is no news', () => {
    const state = readyState()
    expect(play([refused('stop', 'battle/ended')], state)).toBe(state)
  })
})

describe('going on in a battle over a broken line', () => {
  test('a follow-up that did arrive is found in the snapshot and not put again', () => {
    const more = pending('one', { turns: [turn({ ended: true }), turn({ turn: 2, prompt: 'And?' })] })
    const state = play(
      [
        asked(requestId('more'), 'continue', 'And?'),
        { type: 'resume-asked', requestId: requestId('resume'), battleId: battleId('one') },
        heard(snapshot(more, requestId('resume'))),
      ],
      readyState(),
    )
    expect(state.asking).toBeNull()
    expect(state.battle?.turns).toHaveLength(2)
  })

  test('a follow-up that did not arrive is still asked for', () => {
    const state = play(
      [
        asked(requestId('more'), 'continue', 'And?'),
        { type: 'resume-asked', requestId: requestId('resume'), battleId: battleId('one') },
        heard(snapshot(ready('one'), requestId('resume'))),
      ],
      readyState(),
    )
    expect(state.asking?.requestId).toBe(requestId('more'))
    expect(canVote(state)).toBe(false)
  })
})

function revealedView(id: string) {
  const base = ready('one')
  const frame = recorded('one', id, 'a')
  if (frame.type !== 'vote-recorded') throw new Error('unreachable')
  return { ...base, status: 'revealed' as const, reveal: frame.reveal, vote: frame.vote }
}
