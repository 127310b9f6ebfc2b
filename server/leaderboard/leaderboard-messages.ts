import type { Connection, FrameHandlers } from '../realtime/connection.ts'
import type { Hub } from '../realtime/hub.ts'
import { roomOf, type LeaderboardService } from './leaderboard-service.ts'

/** Boards that one socket may watch at once. */
const MAX_WATCHED = 64

export function leaderboardMessages({
  leaderboard,
  hub,
}: {
  leaderboard: LeaderboardService
  hub: Hub
}): FrameHandlers {
  const watched = new WeakMap<Connection, Map<string, () => void>>()

  const roomsOf = (connection: Connection) => {
    const known = watched.get(connection)
    if (known) return known
    const rooms = new Map<string, () => void>()
    watched.set(connection, rooms)
    connection.onClose(() => rooms.forEach((leave) => leave()))
    return rooms
  }

  return {
    'leaderboard-watch': ({ arena, category, version }, connection) => {
      if (!connection.isOpen) return
      const room = roomOf(arena, category)
      const rooms = roomsOf(connection)
      if (!rooms.has(room) && rooms.size < MAX_WATCHED) rooms.set(room, hub.join(room, connection.send))
      const board = leaderboard.find(arena, category)
      if (!board || board.version === version) return
      // The client's board is of another version: it is not at `since`, so it loads the board again.
      const { version: present, votes } = board
      connection.send({
        type: 'leaderboard-changed',
        arena,
        category,
        since: present,
        version: present,
        votes,
        rows: [],
        removed: [],
      })
    },
    'leaderboard-unwatch': ({ arena, category }, connection) => {
      const rooms = roomsOf(connection)
      rooms.get(roomOf(arena, category))?.()
      rooms.delete(roomOf(arena, category))
    },
  }
}
