import { describe, expect, test } from 'vitest'
import type { Leaderboard } from '../../contract/leaderboard.ts'
import type { ServerFrameOf } from '../../contract/socket.ts'
import {
  type LeaderboardEvent,
  type LeaderboardState,
  openLeaderboard,
  phaseOf,
  reduceLeaderboard,
} from '../../web/leaderboard/leaderboard-state.ts'
import { board, row } from './leaderboard-rows.ts'

const owl = row('owl', 1_100)
const fox = row('fox', 1_050)
const hen = row('hen', 1_000)

const after = (...events: LeaderboardEvent[]): LeaderboardState =>
  events.reduce(reduceLeaderboard, openLeaderboard('text', 'overall'))
const read = (known: Leaderboard): LeaderboardEvent => ({
  type: 'read',
  category: 'overall',
  board: known,
  etag: '"e"',
})
const changed = (frame: Partial<ServerFrameOf<'leaderboard-changed'>>): LeaderboardEvent => ({
  type: 'changed',
  frame: {
    type: 'leaderboard-changed',
    arena: 'text',
    category: 'overall',
    since: 1,
    version: 2,
    votes: 801,
    rows: [],
    removed: [],
    ...frame,
  },
})
const names = ({ board: known }: LeaderboardState) => known?.rows.map(({ model }) => model)

describe('a board', () => {
  test('is loading until it was read, and empty when it has no rows', () => {
    expect(phaseOf(after())).toBe('loading')
    expect(phaseOf(after(read(board([]))))).toBe('empty')
    expect(phaseOf(after(read(board([owl]))))).toBe('ready')
  })

  test('that could not be read says so only where there is none to show', () => {
    expect(phaseOf(after({ type: 'read-failed', category: 'overall' }))).toBe('failed')
    const kept = after(read(board([owl])), { type: 'read-failed', category: 'overall' })
    expect(phaseOf(kept)).toBe('ready')
    expect(kept.reading).toBe('failed')
  })

  test('of another category is asked for from nothing, and a late answer for the old one is dropped', () => {
    const asked = after(read(board([owl])), { type: 'asked', arena: 'text', category: 'coding' })
    expect(asked.board).toBeNull()
    expect(asked.etag).toBeNull()
    expect(reduceLeaderboard(asked, read(board([fox]))).board).toBeNull()
  })

  test('that is asked for again stays in view', () => {
    const asked = after(read(board([owl])), { type: 'asked', arena: 'text', category: 'overall' })
    expect(names(asked)).toEqual(['owl'])
    expect(asked.reading).toBe('asked')
  })

  test('keeps the rows that say the same as the objects they were', () => {
    const again = after(read(board([owl, fox])), read(board([{ ...owl }, { ...fox, votes: 401 }], { version: 2 })))
    expect(again.board?.rows[0]).toBe(owl)
    expect(again.board?.rows[1]?.votes).toBe(401)
  })
})

describe('changes', () => {
  test('that follow on the board at hand take their places at once', () => {
    const state = after(read(board([owl, fox, hen])), changed({ rows: [{ ...hen, rating: 1_200 }] }))
    expect(names(state)).toEqual(['hen', 'owl', 'fox'])
    expect(state.board).toMatchObject({ version: 2, votes: 801 })
    expect(state.isBehind).toBe(false)
    expect(state.readVersion).toBe(1)
  })

  test('bring new models and take away those that are gone', () => {
    const state = after(read(board([owl, fox])), changed({ rows: [row('emu', 1_070)], removed: ['owl'] }))
    expect(names(state)).toEqual(['emu', 'fox'])
  })

  test('leave the rows that they do not name alone', () => {
    const state = after(read(board([owl, fox])), changed({ rows: [{ ...fox, votes: 402 }] }))
    expect(state.board?.rows[0]).toBe(owl)
  })

  test.each([
    ['begin after a gap', { since: 3, version: 4 }],
    ['come from a server that was started anew', { since: 0, version: 0 }],
    ['only say that the board is another one', { since: 9, version: 9 }],
  ])('that %s make the board be read again', (_, frame) => {
    const state = after(read(board([owl])), changed({ ...frame, rows: [row('emu', 1)] }))
    expect(state.isBehind).toBe(true)
    expect(names(state)).toEqual(['owl'])
    expect(reduceLeaderboard(state, read(board([fox], { version: 9 })))).toMatchObject({
      isBehind: false,
      readVersion: 9,
    })
  })

  test('that were seen already change nothing', () => {
    const state = after(read(board([owl], { version: 2 })))
    expect(reduceLeaderboard(state, changed({ since: 1, version: 2, removed: ['owl'] }))).toBe(state)
  })

  test('of another board, or before there is one, are not ours', () => {
    const state = after(read(board([owl])))
    expect(reduceLeaderboard(state, changed({ category: 'coding' }))).toBe(state)
    expect(reduceLeaderboard(state, changed({ arena: 'vision' }))).toBe(state)
    expect(after(changed({})).board).toBeNull()
  })

  test('never mix groups that no vote joins', () => {
    const apart = row('yak', 1_900, { component: 1 })
    const state = after(read(board([owl, fox])), changed({ rows: [apart] }))
    expect(names(state)).toEqual(['owl', 'fox', 'yak'])
  })
})

describe('the line', () => {
  test('that breaks is silent since then, however often that is said, until it stands again', () => {
    const down = after(read(board([owl])), { type: 'line', isUp: false, at: 5 }, { type: 'line', isUp: false, at: 9 })
    expect(down.silentSince).toBe(5)
    expect(reduceLeaderboard(down, { type: 'asked', arena: 'text', category: 'coding' }).silentSince).toBe(5)
    expect(reduceLeaderboard(down, { type: 'line', isUp: true, at: 12 }).silentSince).toBeNull()
  })

  test('a board that the server has no newer one of is up to date', () => {
    const state = after(read(board([owl])), changed({ since: 4, version: 5 }), {
      type: 'read-same',
      category: 'overall',
    })
    expect(state).toMatchObject({ isBehind: false, reading: 'done', readVersion: 1 })
  })
})
