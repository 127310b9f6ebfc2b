import type { Leaderboard, LeaderboardRow } from '../../contract/leaderboard.ts'
import type { ServerFrameOf } from '../../contract/socket.ts'

/** What is known of one board. Times are the browser's, in milliseconds. */
export interface LeaderboardState {
  readonly arena: string
  readonly category: string
  /** The last board that was read; kept while a newer one is on its way or cannot be had. */
  readonly board: Leaderboard | null
  readonly etag: string | null
  readonly reading: 'asked' | 'done' | 'failed'
  /** The board has changed in a way that only reading it again can tell. */
  readonly isBehind: boolean
  /** Version of the last board read over HTTP: frames bring rows, but neither counts by category nor the last vote. */
  readonly readVersion: number | null
  /** Since when nobody tells us of changes; null while the line stands. */
  readonly silentSince: number | null
}

export type LeaderboardEvent =
  | { readonly type: 'asked'; readonly arena: string; readonly category: string }
  | { readonly type: 'read'; readonly category: string; readonly board: Leaderboard; readonly etag: string | null }
  /** The server has no other board than the one at hand. */
  | { readonly type: 'read-same'; readonly category: string }
  | { readonly type: 'read-failed'; readonly category: string }
  | { readonly type: 'changed'; readonly frame: ServerFrameOf<'leaderboard-changed'> }
  | { readonly type: 'line'; readonly isUp: boolean; readonly at: number }

export function openLeaderboard(arena: string, category: string): LeaderboardState {
  return {
    arena,
    category,
    board: null,
    etag: null,
    reading: 'asked',
    isBehind: false,
    readVersion: null,
    silentSince: null,
  }
}

export function reduceLeaderboard(state: LeaderboardState, event: LeaderboardEvent): LeaderboardState {
  switch (event.type) {
    case 'asked':
      if (event.arena === state.arena && event.category === state.category) return { ...state, reading: 'asked' }
      return { ...openLeaderboard(event.arena, event.category), silentSince: state.silentSince }
    case 'read':
      return event.category === state.category ? takeBoard(state, event.board, event.etag) : state
    case 'read-same':
      if (event.category !== state.category) return state
      return { ...state, reading: 'done', isBehind: false, readVersion: state.board?.version ?? null }
    case 'read-failed':
      return event.category === state.category ? { ...state, reading: 'failed' } : state
    case 'changed':
      return applyChange(state, event.frame)
    case 'line':
      return { ...state, silentSince: event.isUp ? null : (state.silentSince ?? event.at) }
  }
}

function takeBoard(state: LeaderboardState, board: Leaderboard, etag: string | null): LeaderboardState {
  const rows = keepSameRows(state.board?.rows ?? [], board.rows)
  return { ...state, board: { ...board, rows }, etag, reading: 'done', isBehind: false, readVersion: board.version }
}

/** Rows that say the same as before stay the same objects, so that the view leaves them alone. */
function keepSameRows(before: readonly LeaderboardRow[], now: readonly LeaderboardRow[]): LeaderboardRow[] {
  const known = new Map(before.map((row) => [row.model, row]))
  return now.map((row) => {
    const old = known.get(row.model)
    return old && JSON.stringify(old) === JSON.stringify(row) ? old : row
  })
}

function applyChange(state: LeaderboardState, frame: ServerFrameOf<'leaderboard-changed'>): LeaderboardState {
  const { board } = state
  if (!board || frame.arena !== state.arena || frame.category !== state.category) return state
  if (frame.version === board.version) return state
  // Also when the version went back: the server was started anew.
  if (frame.since !== board.version) return { ...state, isBehind: true }
  const changed = new Map(frame.rows.map((row) => [row.model, row]))
  const removed = new Set(frame.removed)
  const kept = board.rows.filter(({ model }) => !removed.has(model)).map((row) => changed.get(row.model) ?? row)
  const old = new Set(kept.map(({ model }) => model))
  const rows = [...kept, ...frame.rows.filter(({ model }) => !old.has(model))].sort(byPlace)
  return { ...state, board: { ...board, version: frame.version, votes: frame.votes, rows } }
}

/** The order of the server: by component, then the best rating first. */
export function byPlace(first: LeaderboardRow, second: LeaderboardRow): number {
  return first.component - second.component || second.rating - first.rating || (first.model < second.model ? -1 : 1)
}

export type LeaderboardPhase = 'loading' | 'failed' | 'empty' | 'ready'

/** What there is to show. A board that was read once stays, whatever happens afterwards. */
export function phaseOf({ board, reading }: LeaderboardState): LeaderboardPhase {
  if (!board) return reading === 'failed' ? 'failed' : 'loading'
  return board.rows.length === 0 ? 'empty' : 'ready'
}
