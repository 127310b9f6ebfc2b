import type { Side } from '../../contract/outcome.ts'
import { column, FLOAT, INT, STRING, structOf, type Column, type Row } from './columns.ts'
import { rowId } from './row-key.ts'
import { shareMargin, type Unit } from './unit.ts'

/**
 * Where a row comes from. The same fields in every row, flat, without nulls and lists: loaders fix each column's type
 * from the first rows of a file and stop at a later one that differs.
 */
export const PAIR_META = metaColumn('chosen_model', 'rejected_model')
export const SIDE_META = metaColumn('model')
export const LIST_META = metaColumn('models')

function metaColumn(...models: string[]): Column {
  return column(
    'meta',
    structOf(
      column('id', STRING),
      column('battle_id', STRING),
      column('turn', INT),
      column('arena', STRING),
      column('categories', STRING),
      column('language', STRING),
      ...models.map((name) => column(name, STRING)),
      column('votes', INT),
      column('agreement', FLOAT),
      column('margin', FLOAT),
      column('source', STRING),
    ),
  )
}

export function pairMeta(unit: Unit, key: string, { chosen, rejected, isDecided }: PairSides): Row {
  const { battle, turn, votes, agreement } = unit
  return {
    id: rowId(key),
    battle_id: battle.id,
    turn,
    arena: battle.arena,
    categories: joinCategories(battle.categories),
    language: battle.language,
    chosen_model: battle.models[chosen],
    rejected_model: battle.models[rejected],
    votes: votes.length,
    agreement,
    margin: isDecided ? shareMargin(unit, chosen) : 0,
    source: battle.source,
  }
}

interface PairSides {
  readonly chosen: Side
  readonly rejected: Side
  readonly isDecided: boolean
}

export function sideMeta(unit: Unit, key: string, side: Side): Row {
  const { battle, turn, votes, agreement, outcome } = unit
  const isDecided = outcome === 'a' || outcome === 'b'
  return {
    id: rowId(key),
    battle_id: battle.id,
    turn,
    arena: battle.arena,
    categories: joinCategories(battle.categories),
    language: battle.language,
    model: battle.models[side],
    votes: votes.length,
    agreement,
    margin: isDecided ? Math.abs(shareMargin(unit, side)) : 0,
    source: battle.source,
  }
}

/** Sorted, so that the same labels are the same text. */
export function joinCategories(categories: readonly string[]): string {
  return categories.toSorted().join('|')
}
