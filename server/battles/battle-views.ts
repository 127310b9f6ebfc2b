import type { BattleView, TurnView } from '../../contract/battle.ts'
import type { BattleId } from '../../contract/ids.ts'
import type { BattleRecord, StoredTurn } from '../../db/store.ts'

/** The room in which everything that happens to a battle is said. */
export function roomOf(battleId: BattleId): string {
  return `battle ${battleId}`
}

/** A stored battle as its voter may see it before the vote. */
export function toPendingView(
  record: BattleRecord,
): Extract<BattleView, { status: 'ready' | 'streaming' | 'failed' | 'interrupted' }> {
  const { id, arena, kind, status, turns } = record
  const isWhole = status === 'ready'
  const shown = turns.map((turn, index) =>
    isWhole || index < turns.length - 1 ? toTurnView(turn) : toTurnView({ ...turn, texts: { a: '', b: '' } }),
  )
  // A stored battle that is still "streaming" is not being written here: nobody is writing it any more.
  return { id, arena, kind, version: 0, status: status === 'streaming' ? 'interrupted' : status, turns: shown }
}

export function toTurnView({ turn, generation, prompt, texts }: StoredTurn): TurnView {
  return { turn, generation, prompt, a: { text: texts.a, ended: true }, b: { text: texts.b, ended: true } }
}
