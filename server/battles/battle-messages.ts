import type { BattleView } from '../../contract/battle.ts'
import type { BattleId, RequestId } from '../../contract/ids.ts'
import type { Connection, FrameHandlers } from '../realtime/connection.ts'
import type { Hub } from '../realtime/hub.ts'
import { roomOf, type BattleService } from './battle-service.ts'

/** Battles that one socket may watch at once; the oldest is left for a new one. */
const MAX_WATCHED = 8

export function battleMessages({ battles, hub }: { battles: BattleService; hub: Hub }): FrameHandlers {
  const watched = new WeakMap<Connection, Map<BattleId, () => void>>()

  const watch = (connection: Connection, battleId: BattleId) => {
    const rooms = watched.get(connection) ?? new Map<BattleId, () => void>()
    if (!watched.has(connection)) {
      watched.set(connection, rooms)
      connection.onClose(() => rooms.forEach((leave) => leave()))
    }
    if (rooms.has(battleId)) return
    rooms.set(battleId, hub.join(roomOf(battleId), connection.send))
    const oldest = rooms.keys().next().value
    if (rooms.size <= MAX_WATCHED || oldest === undefined) return
    rooms.get(oldest)?.()
    rooms.delete(oldest)
  }

  /** Snapshot and watching begin in the same moment, so that no delta falls between them. */
  const show = (connection: Connection, requestId: RequestId, battle: BattleView) => {
    watch(connection, battle.id)
    connection.send({ type: 'battle-snapshot', requestId, battle })
  }

  return {
    'battle-start': async ({ requestId, arena, prompt, language }, connection) => {
      const { voterId } = connection
      const battle =
        prompt === undefined
          ? await battles.startPrepared({ voterId, arena, language })
          : await battles.startLive({ voterId, arena, prompt })
      show(connection, requestId, battle)
    },
    'battle-resume': async ({ requestId, battleId }, connection) => {
      show(connection, requestId, await battles.view(connection.voterId, battleId))
    },
    'battle-continue': async ({ requestId, battleId, prompt }, connection) => {
      show(connection, requestId, await battles.continue({ voterId: connection.voterId, battleId, prompt }))
    },
    'battle-regenerate': async ({ requestId, battleId }, connection) => {
      show(connection, requestId, await battles.regenerate({ voterId: connection.voterId, battleId }))
    },
    'battle-stop': async ({ battleId }, connection) => {
      await battles.stop({ voterId: connection.voterId, battleId })
    },
  }
}
