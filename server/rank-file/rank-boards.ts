import type { Board, RankedRow } from '../../ranking/board.ts'
import type { Clusters } from '../../ranking/cluster-cells.ts'
import { DEFAULT_ELO } from '../../ranking/online-elo.ts'
import { onlineElo } from '../../ranking/rank-elo.ts'
import type { RankOptions } from '../../ranking/rank-options.ts'
import { rankWithStyle } from '../../ranking/rank-style.ts'
import { rankBoards, rankPairs, rankVotes } from '../../ranking/rank-votes.ts'
import { WITHDRAWN, type VoteColumns } from '../../ranking/vote-columns.ts'
import { UsageError } from './bad-line.ts'
import { shown } from './printable-text.ts'
import type { RankArguments } from './rank-arguments.ts'
import { STYLE_FEATURES } from './style-counts.ts'
import type { VoteRows } from './vote-rows.ts'

/** A board with what people call its models. */
export interface NamedBoard {
  /** The category it is of, when there is one board for each. */
  readonly category: string | undefined
  readonly board: Board<RankedRow>
  /** Online Elo by model, where votes have an order. */
  readonly elo: Float64Array | undefined
  /** The board without style control, to stand beside the one with it. */
  readonly plain: Board<RankedRow> | undefined
}

/** Ranks what was read as it was asked for. */
export function rankRows(rows: VoteRows, asked: RankArguments): NamedBoard[] {
  const options = optionsFor(rows, asked)
  if (rows.layout === 'pairs') return [rankCounts(rows, asked, options)]
  const votes = columnsOf(rows)
  const clusters = clustersOf(rows, asked)
  const categories = categoriesOf(rows, asked)
  if (categories === undefined) return [rankOne({ votes, rows, clusters }, asked, options)]
  const { start, board, names } = categories
  if (asked.categories !== 'each') {
    const chosen = new Set(asked.categories.map((name) => names.indexOf(name)))
    const isChosen = (v: number) => board.subarray(start[v], start[v + 1]).some((category) => chosen.has(category))
    return [rankOne({ votes: onlyVotes(votes, isChosen), rows, clusters }, asked, options)]
  }
  return rankEach({ votes, rows, clusters }, { ...categories, asked, options })
}

interface Input {
  readonly votes: VoteColumns
  readonly rows: VoteRows
  readonly clusters: Clusters | undefined
}

function optionsFor(
  rows: VoteRows,
  { method, interval, weights, side, seed, anchor }: RankArguments,
): Partial<RankOptions> {
  const options = { method, interval, weights, side, seed }
  if (!anchor) return options
  const model = rows.models.names().indexOf(anchor.model)
  if (model < 0) throw new UsageError(`--anchor: expected a model of the file, got ${shown(anchor.model)}`)
  return { ...options, anchor: { model, rating: anchor.rating } }
}

function columnsOf({ models, length, a, b, outcome, weight }: VoteRows): VoteColumns {
  return {
    models: models.size,
    length,
    a: a.subarray(0, length),
    b: b.subarray(0, length),
    outcome: outcome.subarray(0, length),
    weight: weight?.subarray(0, length),
  }
}

function clustersOf(rows: VoteRows, { cluster, interval }: RankArguments): Clusters | undefined {
  if (interval !== 'sandwich' || cluster === 'none') return undefined
  if (rows.hasClusters) {
    const name = cluster === 'auto' ? 'voter' : cluster
    return { name, of: rows.cluster.subarray(0, rows.length) }
  }
  if (cluster === 'auto' || rows.length === 0) return undefined
  throw new UsageError(`--cluster: expected a column of the file, got ${shown(cluster)}`)
}

function categoriesOf(rows: VoteRows, { categories }: RankArguments) {
  if (categories !== 'each' && categories.length === 0) return undefined
  if (!rows.hasCategories && rows.length > 0) throw new UsageError('--category: expected a column category, got none')
  return { start: rows.categoryStart, board: rows.category, names: rows.categories.names() }
}

function rankCounts(rows: VoteRows, asked: RankArguments, options: Partial<RankOptions>): NamedBoard {
  if (asked.style) throw new UsageError('--style: expected votes, got counts of pairs')
  if (asked.categories === 'each' || asked.categories.length > 0) {
    throw new UsageError('--category: expected votes, got counts of pairs')
  }
  if (asked.cluster !== 'auto' && asked.cluster !== 'none') {
    throw new UsageError('--cluster: expected votes, got counts of pairs')
  }
  const [winsA, winsB, ties, bothBad] = rows.counts.map((column) => column.view())
  const none = new Float64Array(rows.length)
  const board = rankPairs(
    {
      models: rows.models.size,
      length: rows.length,
      a: rows.a,
      b: rows.b,
      winsA: winsA ?? none,
      winsB: winsB ?? none,
      ties: ties ?? none,
      bothBad: bothBad ?? none,
    },
    options,
  )
  return { category: undefined, board, elo: undefined, plain: undefined }
}

function rankOne({ votes, rows, clusters }: Input, asked: RankArguments, options: Partial<RankOptions>): NamedBoard {
  const board = asked.style
    ? rankWithStyle(votes, { ...options, clusters, features: featuresOf(rows) })
    : rankVotes(votes, { ...options, clusters })
  return {
    category: undefined,
    board,
    elo: asked.json ? onlineElo(votes, DEFAULT_ELO) : undefined,
    plain: asked.style ? rankVotes(votes, { ...options, clusters }) : undefined,
  }
}

function rankEach(
  input: Input,
  {
    start,
    board,
    names,
    asked,
    options,
  }: NonNullable<ReturnType<typeof categoriesOf>> & {
    asked: RankArguments
    options: Partial<RankOptions>
  },
): NamedBoard[] {
  const { votes, clusters } = input
  const order = names.map((name, category) => ({ name, category })).toSorted((x, y) => (x.name < y.name ? -1 : 1))
  const isIn = (category: number) => (v: number) => board.subarray(start[v], start[v + 1]).includes(category)
  if (asked.style) {
    return order.map(({ name, category }) => ({
      ...rankOne({ ...input, votes: onlyVotes(votes, isIn(category)) }, asked, options),
      category: name,
    }))
  }
  const boards = rankBoards(votes, { boards: names.length, start, board }, { ...options, clusters })
  return order.flatMap(({ name, category }) => {
    const ranked = boards[category]
    if (!ranked) return []
    const elo = asked.json ? onlineElo(onlyVotes(votes, isIn(category)), DEFAULT_ELO) : undefined
    return [{ category: name, board: ranked, elo, plain: undefined }]
  })
}

/** The same columns, the other votes crossed out. */
function onlyVotes(votes: VoteColumns, isIn: (vote: number) => boolean): VoteColumns {
  return { ...votes, outcome: votes.outcome.map((code, v) => (isIn(v) ? code : WITHDRAWN)) }
}

function featuresOf(rows: VoteRows) {
  return STYLE_FEATURES.map(({ name }, k) => ({
    name,
    a: rows.style[2 * k]?.view() ?? new Float64Array(rows.length),
    b: rows.style[2 * k + 1]?.view() ?? new Float64Array(rows.length),
  }))
}
