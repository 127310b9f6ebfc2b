import type { PairTable } from './pair-table.ts'
import { strongComponents, type Arcs } from './strong-components.ts'

/** Why a rating rests on a prior: the votes alone would put it at infinity, or on no common scale. */
export type Provisional = 'none' | 'only-wins' | 'only-losses' | 'disconnected'

export interface Component {
  /** Its models, ascending. */
  readonly models: Int32Array
  /** 1 for models tied to each other by results both ways (their maximum likelihood exists), aligned with `models`. */
  readonly isCore: Uint8Array
  /** Why the others are provisional, aligned with `models`. */
  readonly provisional: readonly Provisional[]
  /** Rows of the table that belong here. */
  readonly rows: Int32Array
}

/**
 * Splits the comparison graph into its connected components, largest first, and finds in each the core: the largest
 * set of models in which every one has beaten or tied, through some chain, every other. The likelihood has a finite
 * maximum exactly there (Zermelo 1929; Ford 1957). A component without such a set of two has no core.
 *
 * O(rows + models). Models without votes are in no component.
 */
export function findComponents(table: PairTable): Component[] {
  if (isOneCore(table)) return [wholeComponent(table)]
  const arcs = arcsOf(table)
  const weak = weakComponents(table)
  const strong = strongComponents(arcs.beats)
  const exits = { beats: exitsOf(arcs.beats, strong), beatenBy: exitsOf(arcs.beatenBy, strong) }
  const components = weak.groups.map((models) =>
    describe(models, { arcs, strong, exits, votes: votesWithin(table, strong) }, weak.rowsOf),
  )
  const size = (component: Component) => component.models.length
  return components.sort(
    (x, y) => size(y) - size(x) || y.rows.length - x.rows.length || (x.models[0] ?? 0) - (y.models[0] ?? 0),
  )
}

/** Passes over the rows that the usual case takes: few, as in a board that is one core most models met most others. */
const FEW_PASSES = 8

/** The usual case at a low price: from the first model every one is reached by wins, and by losses. */
function isOneCore(table: PairTable): boolean {
  return table.models > 1 && reachesAll(table, table.win, table.loss) && reachesAll(table, table.loss, table.win)
}

/**
 * Is every model reached from the first along arcs first → second where `forth` or ties are above 0, and back where
 * `back` is? False also when it takes too long to tell. Casts: models and rows are in range.
 */
function reachesAll({ models, rows, first, second, tie }: PairTable, forth: Float64Array, back: Float64Array): boolean {
  const reached = new Uint8Array(models)
  reached[0] = 1
  let count = 1
  for (let pass = 0; pass < FEW_PASSES && count < models; pass++) {
    for (let r = 0; r < rows; r++) {
      const i = first[r] as number
      const j = second[r] as number
      if (reached[i] === reached[j]) continue
      const isArc = (tie[r] as number) > 0 || ((reached[i] === 1 ? forth : back)[r] as number) > 0
      if (!isArc) continue
      reached[i] = 1
      reached[j] = 1
      count++
    }
  }
  return count === models
}

function wholeComponent({ models, rows, win, loss, tie }: PairTable): Component {
  const counted = new Int32Array(rows)
  let count = 0
  for (let r = 0; r < rows; r++) {
    if ((win[r] as number) + (loss[r] as number) + (tie[r] as number) > 0) counted[count++] = r
  }
  return {
    models: Int32Array.from({ length: models }, (_, i) => i),
    isCore: new Uint8Array(models).fill(1),
    provisional: Array.from({ length: models }, () => 'none'),
    rows: counted.subarray(0, count),
  }
}

function describe(
  models: Int32Array,
  {
    arcs,
    strong,
    exits,
    votes,
  }: { arcs: BothWays<Arcs>; strong: Int32Array; exits: BothWays<Uint8Array>; votes: Float64Array },
  rowsOf: (model: number) => Int32Array,
): Component {
  const core = coreOf(models, strong, votes)
  const inCore = (model: number) => strong[model] === core
  const coreModels = models.filter(inCore)
  const isWhole = coreModels.length === models.length
  const above = isWhole ? new Set<number>() : reachedFrom(coreModels, arcs.beatenBy)
  const below = isWhole ? new Set<number>() : reachedFrom(coreModels, arcs.beats)
  const standing = (model: number): Provisional => {
    if (inCore(model)) return 'none'
    if (above.has(model)) return 'only-wins'
    if (below.has(model)) return 'only-losses'
    const group = strong[model] ?? 0
    if (!exits.beats[group]) return 'only-losses'
    return exits.beatenBy[group] ? 'disconnected' : 'only-wins'
  }
  return {
    models,
    isCore: Uint8Array.from(models, (model) => (inCore(model) ? 1 : 0)),
    provisional: Array.from(models, standing),
    rows: rowsOf(models[0] ?? 0),
  }
}

/** The id of the strong component with most models, then most votes within; -1 when none has two models. */
function coreOf(models: Int32Array, strong: Int32Array, votes: Float64Array): number {
  const sizes = new Map<number, number>()
  for (const model of models) {
    const group = strong[model] ?? -1
    sizes.set(group, (sizes.get(group) ?? 0) + 1)
  }
  let core = -1
  for (const [group, size] of sizes) {
    const largest = core < 0 ? 1 : (sizes.get(core) ?? 0)
    const isAsLarge = core >= 0 && size === largest && (votes[group] ?? 0) > (votes[core] ?? 0)
    if (size > largest || isAsLarge) core = group
  }
  return core
}

/** Weight of the votes inside each strong component. */
function votesWithin(table: PairTable, strong: Int32Array): Float64Array {
  const votes = new Float64Array(strong.length)
  for (let r = 0; r < table.rows; r++) {
    const group = strong[table.first[r] ?? 0] ?? 0
    if (strong[table.second[r] ?? 0] !== group) continue
    votes[group] = (votes[group] ?? 0) + (table.win[r] ?? 0) + (table.loss[r] ?? 0) + (table.tie[r] ?? 0)
  }
  return votes
}

function reachedFrom(start: Int32Array, arcs: Arcs): Set<number> {
  const reached = new Set<number>(start)
  const queue = [...start]
  for (let model = queue.pop(); model !== undefined; model = queue.pop()) {
    for (let k = arcs.from[model] ?? 0; k < (arcs.from[model + 1] ?? 0); k++) {
      const next = arcs.to[k] ?? 0
      if (reached.has(next)) continue
      reached.add(next)
      queue.push(next)
    }
  }
  return reached
}

/** Per strong component: does any arc leave it? */
function exitsOf(arcs: Arcs, strong: Int32Array): Uint8Array {
  const exits = new Uint8Array(strong.length)
  for (let i = 0; i < strong.length; i++) {
    for (let k = arcs.from[i] ?? 0; k < (arcs.from[i + 1] ?? 0); k++) {
      if (strong[arcs.to[k] ?? 0] !== strong[i]) exits[strong[i] ?? 0] = 1
    }
  }
  return exits
}

/** The graph of "beat or tied", and the same with its arcs reversed. */
interface BothWays<T> {
  readonly beats: T
  readonly beatenBy: T
}

function arcsOf(table: PairTable): BothWays<Arcs> {
  const { models, rows, first, second, win, loss, tie } = table
  const winners = new Int32Array(2 * rows)
  const losers = new Int32Array(2 * rows)
  let count = 0
  for (let r = 0; r < rows; r++) {
    const tied = tie[r] as number
    if ((win[r] as number) + tied > 0) {
      winners[count] = first[r] as number
      losers[count++] = second[r] as number
    }
    if ((loss[r] as number) + tied > 0) {
      winners[count] = second[r] as number
      losers[count++] = first[r] as number
    }
  }
  const tails = winners.subarray(0, count)
  const heads = losers.subarray(0, count)
  return { beats: grouped(models, tails, heads), beatenBy: grouped(models, heads, tails) }
}

/** Arcs sorted by tail (counting sort). Casts: models are in range. */
function grouped(models: number, tails: Int32Array, heads: Int32Array): Arcs {
  const from = new Int32Array(models + 1)
  for (let k = 0; k < tails.length; k++) {
    const tail = (tails[k] as number) + 1
    from[tail] = (from[tail] as number) + 1
  }
  for (let i = 0; i < models; i++) from[i + 1] = (from[i + 1] as number) + (from[i] as number)
  const next = from.slice()
  const to = new Int32Array(heads.length)
  for (let k = 0; k < heads.length; k++) {
    const tail = tails[k] as number
    const slot = next[tail] as number
    to[slot] = heads[k] as number
    next[tail] = slot + 1
  }
  return { from, to }
}

interface WeakComponents {
  readonly groups: Int32Array[]
  /** The rows of the component that holds this model. */
  readonly rowsOf: (model: number) => Int32Array
}

/** Union–find over rows that hold at least one vote. Casts: models and rows are in range. */
function weakComponents(table: PairTable): WeakComponents {
  const { models, rows, first, second } = table
  const parent = Int32Array.from({ length: models }, (_, i) => i)
  const rootOf = (model: number): number => {
    let at = model
    while (parent[at] !== at) {
      const up = parent[parent[at] as number] as number
      parent[at] = up
      at = up
    }
    return at
  }
  const isEmpty = (r: number) => !((table.win[r] as number) + (table.loss[r] as number) + (table.tie[r] as number) > 0)
  const voted = new Uint8Array(models)
  for (let r = 0; r < rows; r++) {
    if (isEmpty(r)) continue
    const i = first[r] as number
    const j = second[r] as number
    voted[i] = 1
    voted[j] = 1
    const [x, y] = [rootOf(i), rootOf(j)]
    if (x !== y) parent[x] = y
  }
  const groups = new Map<number, number[]>()
  for (let i = 0; i < models; i++) if (voted[i] === 1) append(groups, rootOf(i), i)
  return {
    groups: [...groups.values()].map((group) => Int32Array.from(group)),
    rowsOf: (model) => {
      const root = rootOf(model)
      const own = new Int32Array(rows)
      let count = 0
      for (let r = 0; r < rows; r++) if (rootOf(first[r] as number) === root && !isEmpty(r)) own[count++] = r
      return own.slice(0, count)
    },
  }
}

function append(groups: Map<number, number[]>, key: number, value: number): void {
  const group = groups.get(key)
  if (group) group.push(value)
  else groups.set(key, [value])
}
