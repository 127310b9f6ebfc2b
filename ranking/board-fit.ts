import { ofRows, type ClusterData } from './cluster-cells.ts'
import { fitComponent, type ComponentFit, type LikelihoodMethod } from './component-fit.ts'
import { findComponents, type Component } from './connectivity.ts'
import { modelCovariance, sandwichCovariance, type Covariance } from './covariance.ts'
import type { FitStart } from './fit-point.ts'
import { clusteredMeat, voteMeat } from './meat.ts'
import { takeRows, votesByModel, type PairTable } from './pair-table.ts'

/** A component with its uncertainty. */
export interface FittedComponent extends ComponentFit {
  readonly covariance: Covariance
}

export interface BoardFitOptions {
  readonly method: LikelihoodMethod
  /** Estimate the advantage of side a; needs an oriented table. */
  readonly side: boolean
  /** A fit of nearly the same votes to start from. */
  readonly previous?: readonly (ComponentFit & { readonly covariance?: Covariance })[] | undefined
}

/** Fits every connected component of a table, each on its own scale, largest first. */
export function fitBoard(table: PairTable, options: BoardFitOptions): ComponentFit[] {
  return findComponents(table).map((component) =>
    fitComponent(localTable(table, component), component, {
      method: options.method,
      side: options.side,
      start: startFrom(component, options),
    }),
  )
}

/** Adds covariances to the fits of a table: sandwiches, clustered by these cells (which refer to its rows) if given. */
export function withSandwich(
  fits: readonly ComponentFit[],
  table: PairTable,
  cells: ClusterData | undefined,
): FittedComponent[] {
  return fits.map((fit) => {
    const { component, system } = fit
    const own = cells && localCells(cells, table, component)
    const clustered = own && (() => clusteredMeat(system, own))
    const meats = { plain: () => voteMeat(system), clustered }
    return { ...fit, covariance: sandwichCovariance(system, votesByModel(system.table), meats) }
  })
}

/** Adds model-based covariances. */
export function withModelCovariance(fits: readonly ComponentFit[]): FittedComponent[] {
  return fits.map((fit) => ({ ...fit, covariance: modelCovariance(fit.system) }))
}

/** The rows of one component, its models renumbered 0 … in ascending order. */
export function localTable(table: PairTable, component: Component): PairTable {
  const { models, rows } = component
  if (isWhole(table, component)) return table
  const local = new Int32Array(table.models)
  models.forEach((model, i) => {
    local[model] = i
  })
  const part = takeRows(table, rows)
  return {
    ...part,
    models: models.length,
    first: part.first.map((model) => local[model] ?? 0),
    second: part.second.map((model) => local[model] ?? 0),
  }
}

/** Cells of a whole table as cells of the rows of one component. */
export function localCells(cells: ClusterData, table: PairTable, component: Component): ClusterData {
  if (isWhole(table, component)) return cells
  const local = new Int32Array(table.rows).fill(-1)
  component.rows.forEach((r, k) => {
    local[r] = k
  })
  return ofRows(cells, local)
}

function isWhole(table: PairTable, { models, rows }: Component): boolean {
  return models.length === table.models && rows.length === table.rows
}

/** Old ratings where a model had one; the old inverse Hessian while it still belongs to the same parameters. */
function startFrom(component: Component, { method, side, previous }: BoardFitOptions): FitStart | undefined {
  const same = previous?.find((fit) => isSame(fit.component, component))
  if (same && isOf(same, method, side)) return { point: same.point, inverse: same.covariance?.inverse }
  if (!previous || method !== 'bt') return undefined
  const point = new Float64Array(component.models.length + 1)
  for (const fit of previous) {
    fit.component.models.forEach((model, i) => {
      const at = component.models.indexOf(model)
      if (at >= 0) point[at] = fit.point[i] ?? 0
    })
  }
  return { point }
}

function isOf({ system }: ComponentFit, method: LikelihoodMethod, side: boolean): boolean {
  const hasTies = system.tieScores() !== undefined
  return hasTies === (method !== 'bt') && system.size === system.models + (hasTies ? 1 : 0) + (side ? 1 : 0)
}

function isSame(x: Component, y: Component): boolean {
  return (
    x.models.length === y.models.length &&
    x.models.every((model, i) => model === y.models[i]) &&
    x.isCore.every((flag, i) => flag === y.isCore[i])
  )
}
