import type { BattleView } from '../../contract/battle.ts'
import type { BattleId, RequestId } from '../../contract/ids.ts'
import type { Connection, FrameHandlers } from '../realtime/connection.ts'
import type { Hub } from '../realtime/hub.ts'
import type { BattleService } from './battle-service.ts'
import { roomOf } from './battle-views.ts'

/** Battles that one socket may watch at once; the oldest is left for a new one. */
const MAX_WATCHED = 8
/** Requests whose battle is remembered, so that one sent again after a lost line does not start a second battle. */
const MAX_REMEMBERED = 10_000

export function battleMessages({ battles, hub }: { battles: BattleService; hub: Hub }): FrameHandlers {
  const watched = new WeakMap<Connection, Map<BattleId, () => void>>()

  const started = new Map<string, Promise<BattleId>>()

  /** Starts a battle once per request: the same request again shows the battle as it stands now. */
  const startOnce = async (connection: Connection, requestId: RequestId, start: () => Promise<BattleView>) => {
    const key = `${connection.voterId} ${requestId}`
    const earlier = started.get(key)
    if (earlier) return battles.view(connection.voterId, await earlier)
    const battle = start()
    const id = battle.then((view) => view.id)
    started.set(key, id)
    id.catch(() => started.delete(key))
    const oldest = started.keys().next().value
    if (started.size > MAX_REMEMBERED && oldest !== undefined) started.delete(oldest)
    return battle
  }

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
    if (!connection.isOpen) return
    watch(connection, battle.id)
    connection.send({ type: 'battle-snapshot', requestId, battle })
  }

  return {
    'battle-start': async ({ requestId, arena, prompt, language }, connection) => {
      const { voterId } = connection
      const battle = await startOnce(connection, requestId, () =>
        prompt === undefined
          ? battles.startPrepared({ voterId, arena, language })
          : battles.startLive({ voterId, arena, prompt }),
      )
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
