import type { FittedComponent } from './board-fit.ts'
import { fitComponent } from './component-fit.ts'
import type { PairTable } from './pair-table.ts'
import { multiplySymmetric } from './symmetric-products.ts'

export interface Fragility {
  readonly leader: number
  /** The model that takes first place most cheaply. */
  readonly challenger: number
  /** Removing so many votes makes it overtake the leader: found by influence, confirmed by a refit. */
  readonly votes: number
  /** As a share of all votes. */
  readonly share: number
  /** Which votes: so many of `winner` over `loser`, or ties between them. */
  readonly dropped: readonly {
    readonly first: number
    readonly second: number
    readonly outcome: 'win' | 'loss' | 'tie'
    readonly votes: number
  }[]
}

/** How many of the models behind the leader are tried. */
const CHALLENGERS = 5
/** Refits until the removal really turns the order. */
const MOST_REFITS = 12

/**
 * How few votes carry the first place of a component (Broderick et al. 2020; Huang et al. 2025 for arenas): removing
 * one vote of pair e with score y moves the lead aᵀθ by about −aᵀC e (y − p); votes are removed most harmful first until
 * the lead is gone, and a refit confirms it. An upper bound of the true minimum. Bradley–Terry of unit votes only.
 * Casts: indices are in range.
 */
export function findFragility(fit: FittedComponent): Fragility | undefined {
  const { models } = fit.system
  const order = Array.from({ length: models }, (_, i) => i).sort(
    (x, y) => (fit.point[y] as number) - (fit.point[x] as number),
  )
  const [leader, ...others] = order
  if (leader === undefined) return undefined
  const tries = others.slice(0, CHALLENGERS).flatMap((challenger) => attempt(fit, leader, challenger) ?? [])
  return tries.sort((x, y) => x.votes - y.votes)[0]
}

interface VoteKind {
  readonly row: number
  readonly outcome: 'win' | 'loss' | 'tie'
  readonly available: number
  /** How much the lead falls when one such vote goes. */
  readonly influence: number
}

function attempt(fit: FittedComponent, leader: number, challenger: number): Fragility | undefined {
  const kinds = harmfulVotes(fit, leader, challenger)
  let target = (fit.point[leader] as number) - (fit.point[challenger] as number)
  for (let refit = 0; refit < MOST_REFITS; refit++) {
    const removal = cheapestRemoval(kinds, target)
    if (!removal) return undefined
    if (overtakes(fit, removal, leader, challenger)) return describe(fit, removal, leader, challenger)
    target *= 1.05
  }
  return undefined
}

function harmfulVotes(fit: FittedComponent, leader: number, challenger: number): VoteKind[] {
  const { system, covariance } = fit
  const { table } = system
  const contrast = new Float64Array(system.size)
  contrast[leader] = 1
  contrast[challenger] = -1
  const direction = new Float64Array(system.size)
  multiplySymmetric(covariance.inverse, system.size, contrast, direction)
  const scores = system.strengthScores()
  const kinds: VoteKind[] = []
  for (let row = 0; row < table.rows; row++) {
    const pull = (direction[table.first[row] as number] as number) - (direction[table.second[row] as number] as number)
    for (const outcome of ['win', 'loss', 'tie'] as const) {
      const influence = pull * (scores[outcome][row] as number)
      const available = table[outcome][row] as number
      if (influence > 0 && available >= 1) kinds.push({ row, outcome, available, influence })
    }
  }
  return kinds.sort((x, y) => y.influence - x.influence)
}

type Removal = readonly (VoteKind & { readonly removed: number })[]

function cheapestRemoval(kinds: readonly VoteKind[], lead: number): Removal | undefined {
  const removal: (VoteKind & { removed: number })[] = []
  let left = lead
  for (const kind of kinds) {
    if (left < 0) break
    const removed = Math.min(Math.floor(kind.available), Math.floor(left / kind.influence) + 1)
    removal.push({ ...kind, removed })
    left -= removed * kind.influence
  }
  return left < 0 ? removal : undefined
}

function overtakes(fit: FittedComponent, removal: Removal, leader: number, challenger: number): boolean {
  const { table } = fit.system
  const columns = { win: table.win.slice(), loss: table.loss.slice(), tie: table.tie.slice() }
  for (const { row, outcome, removed } of removal) columns[outcome][row] = (columns[outcome][row] as number) - removed
  const reduced: PairTable = { ...table, ...columns }
  const { point } = fitComponent(reduced, fit.component, {
    method: 'bt',
    side: fit.system.extras.length > 0,
    start: { point: fit.point },
  })
  return (point[challenger] as number) > (point[leader] as number)
}

function describe(fit: FittedComponent, removal: Removal, leader: number, challenger: number): Fragility {
  const { table, weight } = fit.system
  const { models } = fit.component
  const globally = (model: number) => models[model] ?? 0
  const votes = removal.reduce((sum, { removed }) => sum + removed, 0)
  return {
    leader: globally(leader),
    challenger: globally(challenger),
    votes,
    share: votes / weight,
    dropped: removal.map(({ row, outcome, removed }) => ({
      first: globally(table.first[row] as number),
      second: globally(table.second[row] as number),
      outcome,
      votes: removed,
    })),
  }
}
