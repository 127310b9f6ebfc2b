import type { BattleView, CastVote, PendingBattle, RevealedBattle, TurnView } from '../../contract/battle.ts'
import type { ErrorCode } from '../../contract/errors.ts'
import type { Outcome } from '../../contract/outcome.ts'
import type { ServerFrame, ServerFrameOf } from '../../contract/socket.ts'

/** A request that waits for its answer. `prompt` is null for a prepared pair. */
export interface Asking {
  readonly requestId: string
  readonly kind: 'start' | 'continue' | 'regenerate'
  readonly prompt: string | null
  readonly since: number
}

/** One judgement as it goes over the wire; `retryAt` says when it is sent again after a refusal that passes. */
export interface GivenVote {
  readonly voteId: string
  readonly battleId: string
  readonly turn: number
  readonly generation: number
  readonly outcome: Outcome
  readonly retryAt: number | null
}

export interface Refusal {
  readonly code: ErrorCode
  /** The instant from which it may be tried again; null when nobody said. */
  readonly retryAt: number | null
  readonly prompt: string | null
}

export interface BattleState {
  readonly battle: BattleView | null
  readonly asking: Asking | null
  /** A battle of ours that is being fetched again, after a reload or a lost line. */
  readonly resuming: { readonly requestId: string; readonly battleId: string } | null
  readonly vote: GivenVote | null
  readonly withdrawal: { readonly voteId: string; readonly supersedes: string; readonly battleId: string } | null
  /** The pair after this one, opened as soon as the vote is stored, so that it is there at once. */
  readonly next: { readonly requestId: string; readonly battle: PendingBattle | null } | null
  /** Until when the vote can be taken back, on this device's clock. */
  readonly undoUntil: number | null
  /** Why no battle could be started: fills the page. */
  readonly refusal: Refusal | null
  /** Why a smaller wish was refused: one line in the bar. */
  readonly note: ErrorCode | null
  /** A frame was missed, so that the battle must be fetched again. */
  readonly behind: boolean
}

export const NO_BATTLE: BattleState = {
  battle: null,
  asking: null,
  resuming: null,
  vote: null,
  withdrawal: null,
  next: null,
  undoUntil: null,
  refusal: null,
  note: null,
  behind: false,
}

export type BattleEvent =
  | { readonly type: 'asked'; readonly asking: Asking }
  | { readonly type: 'resume-asked'; readonly requestId: string; readonly battleId: string }
  | { readonly type: 'next-asked'; readonly requestId: string }
  | { readonly type: 'next-wanted'; readonly at: number }
  | { readonly type: 'left' }
  | { readonly type: 'vote-given'; readonly vote: GivenVote }
  | {
      readonly type: 'withdrawal-given'
      readonly voteId: string
      readonly supersedes: string
      readonly battleId: string
    }
  | { readonly type: 'frame'; readonly frame: ServerFrame; readonly at: number }

/** Refusals that pass: the same vote is sent again with the same id, and the person is told that it waits. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'request/too-many',
  'server/stopping',
  'server/failed',
  'store/unavailable',
  'store/full',
  'vote/unknown-outcome',
])

/** True when the same frame may succeed later. */
export const isPassing = (code: ErrorCode): boolean => PASSING.has(code)

const RETRY_MS = 3_000
/** How long to wait before a frame that was refused for the time being is sent again. */
export const retryDelayMs = (frame: { retryAfterMs?: number | undefined }): number => frame.retryAfterMs ?? RETRY_MS

export function reduceBattle(state: BattleState, event: BattleEvent): BattleState {
  switch (event.type) {
    case 'asked':
      return event.asking.kind === 'start'
        ? { ...NO_BATTLE, asking: event.asking }
        : { ...state, asking: event.asking, note: null }
    case 'resume-asked':
      return { ...state, resuming: { requestId: event.requestId, battleId: event.battleId }, behind: false }
    case 'next-asked':
      return { ...state, next: { requestId: event.requestId, battle: null } }
    case 'next-wanted':
      return toNext(state, event.at)
    case 'left':
      return NO_BATTLE
    case 'vote-given':
      return { ...state, vote: event.vote, note: null }
    case 'withdrawal-given': {
      const { voteId, supersedes, battleId } = event
      return { ...state, withdrawal: { voteId, supersedes, battleId }, note: null }
    }
    case 'frame':
      return hear(state, event.frame, event.at)
  }
}

/** Shows the pair that is already there; when its answer is still on the way, waits for exactly that. */
function toNext(state: BattleState, at: number): BattleState {
  if (!state.next) return state
  if (state.next.battle) return { ...NO_BATTLE, battle: state.next.battle }
  return { ...NO_BATTLE, asking: { requestId: state.next.requestId, kind: 'start', prompt: null, since: at } }
}

function hear(state: BattleState, frame: ServerFrame, at: number): BattleState {
  switch (frame.type) {
    case 'battle-snapshot':
      return takeSnapshot(state, frame, at)
    case 'battle-delta':
      return inSequence(state, frame, (battle) => ({ ...battle, turns: appended(battle.turns, frame) }))
    case 'battle-ready':
      return inSequence(state, frame, (battle) => ({ ...battle, status: 'ready', turns: ended(battle.turns) }))
    case 'battle-failed':
      return inSequence(state, frame, (battle) => ({ ...battle, status: 'failed' }))
    case 'vote-recorded':
      return reveal(state, frame, at)
    case 'vote-withdrawn':
      return takeBack(state, frame)
    case 'vote-refused':
      return refuseVote(state, frame, at)
    case 'request-refused':
      return refuseRequest(state, frame, at)
    case 'welcome':
    case 'leaderboard-changed':
    case 'pong':
      return state
  }
}

/** A snapshot is whole and newer than anything heard before it on the same line. It is ours by its request or by its battle. */
function takeSnapshot(state: BattleState, frame: ServerFrameOf<'battle-snapshot'>, at: number): BattleState {
  const { battle, requestId } = frame
  if (requestId !== undefined && state.asking?.requestId === requestId) {
    return show({ ...state, asking: null, refusal: null, note: null }, battle, at)
  }
  if (requestId !== undefined && state.next?.requestId === requestId) {
    return battle.status === 'revealed' ? { ...state, next: null } : { ...state, next: { requestId, battle } }
  }
  if (state.resuming?.requestId === requestId && state.resuming?.battleId === battle.id) {
    return show({ ...state, resuming: null }, battle, at)
  }
  if (state.battle?.id === battle.id) return show(state, battle, at)
  return state
}

function show(state: BattleState, battle: BattleView, at: number): BattleState {
  const shown = { ...state, battle, behind: false, asking: hasGoneOn(state.battle, battle) ? null : state.asking }
  if (battle.status !== 'revealed') return shown
  return {
    ...shown,
    // With the names known the vote is stored: ours, or one that was cast in another tab.
    vote: battle.vote === null && state.vote?.battleId === battle.id ? state.vote : null,
    withdrawal: battle.vote === null ? null : state.withdrawal,
    note: battle.vote && state.vote && battle.vote.voteId !== state.vote.voteId ? 'vote/already-voted' : state.note,
    undoUntil: undoDeadline(battle.vote, at),
  }
}

/** The battle has a newer turn or generation than was known: what was asked before the line broke has arrived. */
function hasGoneOn(before: BattleView | null, after: BattleView): boolean {
  const [was, is] = [before?.turns.at(-1), after.turns.at(-1)]
  return was !== undefined && is !== undefined && (is.turn > was.turn || is.generation > was.generation)
}

const undoDeadline = (vote: CastVote | null, at: number): number | null =>
  vote && vote.withdrawMs > 0 ? at + vote.withdrawMs : null

/** Applies a frame that follows directly on what is known. An older one was heard before; a gap means that one was lost. */
function inSequence(
  state: BattleState,
  frame: { battleId: string; version: number },
  change: (battle: PendingBattle) => PendingBattle,
): BattleState {
  const { battle } = state
  if (battle?.id === frame.battleId && battle.status !== 'revealed') {
    if (frame.version === battle.version + 1) {
      return { ...state, battle: { ...change(battle), version: frame.version } }
    }
    return frame.version > battle.version ? { ...state, behind: true } : state
  }
  return state
}

function appended(turns: readonly TurnView[], frame: ServerFrameOf<'battle-delta'>): TurnView[] {
  return changeLast(turns, (turn) => ({
    ...turn,
    a: { text: turn.a.text + frame.a, ended: turn.a.ended || frame.ended.includes('a') },
    b: { text: turn.b.text + frame.b, ended: turn.b.ended || frame.ended.includes('b') },
  }))
}

const ended = (turns: readonly TurnView[]): TurnView[] =>
  changeLast(turns, (turn) => ({ ...turn, a: { ...turn.a, ended: true }, b: { ...turn.b, ended: true } }))

const changeLast = (turns: readonly TurnView[], change: (turn: TurnView) => TurnView): TurnView[] =>
  turns.map((turn, index) => (index === turns.length - 1 ? change(turn) : turn))

function reveal(state: BattleState, frame: ServerFrameOf<'vote-recorded'>, at: number): BattleState {
  const { battle } = state
  if (battle?.id !== frame.battleId) return state
  // The same acknowledgement again: the time to take it back has not begun anew.
  if (battle.status === 'revealed' && battle.vote?.voteId === frame.vote.voteId) return state
  const revealed: RevealedBattle = { ...battle, status: 'revealed', reveal: frame.reveal, vote: frame.vote }
  return {
    ...state,
    battle: revealed,
    vote: null,
    withdrawal: null,
    note: null,
    undoUntil: undoDeadline(frame.vote, at),
  }
}

function takeBack(state: BattleState, frame: ServerFrameOf<'vote-withdrawn'>): BattleState {
  const { battle } = state
  if (battle?.id !== frame.battleId || battle.status !== 'revealed') return state
  if (battle.vote?.voteId !== frame.supersedes) return state
  return { ...state, battle: { ...battle, vote: null }, withdrawal: null, undoUntil: null, note: null }
}

function refuseVote(state: BattleState, frame: ServerFrameOf<'vote-refused'>, at: number): BattleState {
  if (state.vote?.voteId === frame.voteId) {
    return isPassing(frame.code)
      ? { ...state, vote: { ...state.vote, retryAt: at + retryDelayMs(frame) }, note: frame.code }
      : { ...state, vote: null, note: frame.code }
  }
  if (state.withdrawal?.voteId === frame.voteId) {
    if (isPassing(frame.code)) return { ...state, note: frame.code }
    return { ...state, withdrawal: null, undoUntil: null, note: frame.code }
  }
  return state
}

function refuseRequest(state: BattleState, frame: ServerFrameOf<'request-refused'>, at: number): BattleState {
  const { requestId, code } = frame
  if (requestId === undefined) return state
  if (state.asking?.requestId === requestId) {
    const { kind, prompt } = state.asking
    if (kind !== 'start') return { ...state, asking: null, note: code }
    const retryAt = frame.retryAfterMs === undefined ? null : at + frame.retryAfterMs
    return { ...NO_BATTLE, refusal: { code, retryAt, prompt } }
  }
  if (state.next?.requestId === requestId) return { ...state, next: null }
  if (state.resuming?.requestId === requestId) {
    return code === 'battle/not-found' ? NO_BATTLE : { ...state, resuming: null, note: code }
  }
  // Nobody waits for it any more: a stop that came too late, a battle that was left.
  return state
}

/* ── what the view asks of a state ─────────────────────────────────────────────────────────────────────────────── */

export type Screen = 'connecting' | 'empty' | 'waiting' | 'refused' | 'battle'

export function screenOf(state: BattleState, arenaKnown: boolean): Screen {
  if (state.refusal) return 'refused'
  if (state.battle) return 'battle'
  if (state.asking) return 'waiting'
  return arenaKnown && !state.resuming ? 'empty' : 'connecting'
}

export type Phase = 'streaming' | 'ready' | 'failed' | 'interrupted' | 'voting' | 'revealed' | 'withdrawn'

/** Where the battle at hand stands for the person in front of it. */
export function phaseOf(state: BattleState): Phase | null {
  const { battle, vote } = state
  if (!battle) return null
  if (battle.status === 'revealed' && battle.vote) return 'revealed'
  if (vote?.battleId === battle.id) return 'voting'
  return battle.status === 'revealed' ? 'withdrawn' : battle.status
}

/** A vote can be cast: both answers are there and none is on its way. After a withdrawal too, but then it does not count. */
export function canVote(state: BattleState): boolean {
  const phase = phaseOf(state)
  return (phase === 'ready' || phase === 'withdrawn') && state.asking === null
}

export const lastTurn = (battle: BattleView): TurnView | undefined => battle.turns.at(-1)
