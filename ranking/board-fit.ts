import type { BradleyTerryStart } from './bradley-terry.ts'
import { fitComponent, type ComponentFit, type IntervalOptions } from './component-fit.ts'
import { findComponents, type Component } from './connectivity.ts'
import type { ClusterCells } from './meat.ts'
import type { PairTable } from './pair-table.ts'

/** The fit of a whole board: one entry per connected component, largest first. */
export type BoardFit = readonly ComponentFit[]

export interface BoardFitOptions extends IntervalOptions {
  readonly side: boolean
  readonly cells?: ClusterCells | undefined
  /** A fit of nearly the same votes to start from. */
  readonly previous?: BoardFit | undefined
}

/** Fits Bradley–Terry to every connected component of a table, each on its own scale. */
export function fitBoard(table: PairTable, options: BoardFitOptions): BoardFit {
  return findComponents(table).map((component) => {
    const local = localTable(table, component)
    return fitComponent(local, component, {
      ...options,
      cells: options.cells && localCells(options.cells, table, component),
      start: startFrom(component, options.previous),
    })
  })
}

/** The rows of one component, its models renumbered 0 … in ascending order. */
function localTable(table: PairTable, { models, rows }: Component): PairTable {
  if (models.length === table.models && rows.length === table.rows) return table
  const local = new Int32Array(table.models)
  models.forEach((model, i) => {
    local[model] = i
  })
  const pick = (column: Float64Array) => Float64Array.from(rows, (r) => column[r] ?? 0)
  const [win, loss, tie] = [pick(table.win), pick(table.loss), pick(table.tie)]
  const isWeighted = table.winSquares !== table.win
  return {
    models: models.length,
    rows: rows.length,
    first: rows.map((r) => local[table.first[r] ?? 0] ?? 0),
    second: rows.map((r) => local[table.second[r] ?? 0] ?? 0),
    win,
    loss,
    tie,
    winSquares: isWeighted ? pick(table.winSquares) : win,
    lossSquares: isWeighted ? pick(table.lossSquares) : loss,
    tieSquares: isWeighted ? pick(table.tieSquares) : tie,
  }
}

function localCells(cells: ClusterCells, table: PairTable, { models, rows }: Component): ClusterCells {
  if (models.length === table.models && rows.length === table.rows) return cells
  const local = new Int32Array(table.rows).fill(-1)
  rows.forEach((r, k) => {
    local[r] = k
  })
  return { ...cells, row: cells.row.map((r) => local[r] ?? -1) }
}

/** Old ratings where a model had one; the old inverse Hessian while it still belongs to the same models. */
function startFrom(component: Component, previous: BoardFit | undefined): BradleyTerryStart | undefined {
  if (!previous || previous.length === 0) return undefined
  const point = new Float64Array(component.models.length + 1)
  for (const fit of previous) {
    fit.component.models.forEach((model, i) => {
      const at = component.models.indexOf(model)
      if (at >= 0) point[at] = fit.point[i] ?? 0
    })
  }
  const same = previous.find((fit) => isSame(fit.component, component))
  point[component.models.length] = (same ?? previous[0])?.point.at(-1) ?? 0
  return { point, inverse: same?.inverse }
}

function isSame(x: Component, y: Component): boolean {
  return (
    x.models.length === y.models.length &&
    x.models.every((model, i) => model === y.models[i]) &&
    x.isCore.every((flag, i) => flag === y.isCore[i])
  )
}
