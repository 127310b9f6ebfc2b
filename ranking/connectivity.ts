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
  const above = reachedFrom(coreModels, arcs.beatenBy)
  const below = reachedFrom(coreModels, arcs.beats)
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
  const winners: number[] = []
  const losers: number[] = []
  for (let r = 0; r < table.rows; r++) {
    const first = table.first[r] ?? 0
    const second = table.second[r] ?? 0
    const tie = table.tie[r] ?? 0
    if ((table.win[r] ?? 0) + tie > 0) {
      winners.push(first)
      losers.push(second)
    }
    if ((table.loss[r] ?? 0) + tie > 0) {
      winners.push(second)
      losers.push(first)
    }
  }
  return {
    beats: grouped(table.models, winners, losers),
    beatenBy: grouped(table.models, losers, winners),
  }
}

function grouped(models: number, tails: readonly number[], heads: readonly number[]): Arcs {
  const from = new Int32Array(models + 1)
  for (const tail of tails) from[tail + 1] = (from[tail + 1] ?? 0) + 1
  for (let i = 0; i < models; i++) from[i + 1] = (from[i + 1] ?? 0) + (from[i] ?? 0)
  const next = from.slice()
  const to = new Int32Array(heads.length)
  heads.forEach((head, k) => {
    const tail = tails[k] ?? 0
    const slot = next[tail] ?? 0
    to[slot] = head
    next[tail] = slot + 1
  })
  return { from, to }
}

interface WeakComponents {
  readonly groups: Int32Array[]
  /** The rows of the component that holds this model. */
  readonly rowsOf: (model: number) => Int32Array
}

/** Union–find over rows that hold at least one vote. */
function weakComponents(table: PairTable): WeakComponents {
  const parent = Int32Array.from({ length: table.models }, (_, i) => i)
  const rootOf = (model: number): number => {
    let root = model
    while (parent[root] !== root) root = parent[root] ?? root
    for (let at = model; at !== root;) {
      const next = parent[at] ?? root
      parent[at] = root
      at = next
    }
    return root
  }
  const counts = (r: number) => (table.win[r] ?? 0) + (table.loss[r] ?? 0) + (table.tie[r] ?? 0) > 0
  const voted = new Uint8Array(table.models)
  for (let r = 0; r < table.rows; r++) {
    if (!counts(r)) continue
    const first = table.first[r] ?? 0
    const second = table.second[r] ?? 0
    voted[first] = 1
    voted[second] = 1
    parent[rootOf(first)] = rootOf(second)
  }
  const models = new Map<number, number[]>()
  for (let i = 0; i < table.models; i++) if (voted[i]) append(models, rootOf(i), i)
  const rows = new Map<number, number[]>()
  for (let r = 0; r < table.rows; r++) if (counts(r)) append(rows, rootOf(table.first[r] ?? 0), r)
  return {
    groups: [...models.values()].map((group) => Int32Array.from(group)),
    rowsOf: (model) => Int32Array.from(rows.get(rootOf(model)) ?? []),
  }
}

function append(groups: Map<number, number[]>, key: number, value: number): void {
  const group = groups.get(key)
  if (group) group.push(value)
  else groups.set(key, [value])
}
