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
  const { models } = unit.battle
  const margin = isDecided ? shareMargin(unit, chosen) : 0
  return toMeta(unit, key, { chosen_model: models[chosen], rejected_model: models[rejected] }, margin)
}

interface PairSides {
  readonly chosen: Side
  readonly rejected: Side
  readonly isDecided: boolean
}

export function sideMeta(unit: Unit, key: string, side: Side): Row {
  const isDecided = unit.outcome === 'a' || unit.outcome === 'b'
  const margin = isDecided ? Math.abs(shareMargin(unit, side)) : 0
  return toMeta(unit, key, { model: unit.battle.models[side] }, margin)
}

function toMeta(unit: Unit, key: string, models: Row, margin: number): Row {
  const { battle, turn, votes, agreement } = unit
  return {
    id: rowId(key),
    battle_id: battle.id,
    turn,
    arena: battle.arena,
    categories: joinCategories(battle.categories),
    language: battle.language,
    ...models,
    votes: votes.length,
    agreement,
    margin,
    source: battle.source,
  }
}

/** Sorted, so that the same labels are the same text. */
export function joinCategories(categories: readonly string[]): string {
  return categories.toSorted().join('|')
}
