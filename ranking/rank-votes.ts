import { fitBoard, withSandwich, type FittedComponent } from './board-fit.ts'
import type { Board, RankedRow } from './board.ts'
import { clusteredVotes, memberOf, sortVotes, type Clusters } from './cluster-cells.ts'
import { tallyPairs, type PairCounts } from './pair-counts.ts'
import { rankByElo } from './rank-elo.ts'
import { DEFAULT_OPTIONS, RankingRefusal, type RankOptions } from './rank-options.ts'
import { rankTally, type NamedCells } from './rank-tally.ts'
import type { VoteColumns } from './vote-columns.ts'
import { tallyBoards, tallyVotes, type Memberships, type VoteTally } from './vote-tally.ts'

/** What ranking votes needs besides the options: which of them hang together. */
export interface VoteRankOptions extends Partial<RankOptions> {
  readonly clusters?: Clusters | undefined
}

/**
 * Ranks a log of votes. Bradley–Terry with sandwich intervals unless told otherwise; clustered when clusters are given.
 * Throws {@link RankingRefusal} for a combination that means nothing.
 */
export function rankVotes(votes: VoteColumns, options: VoteRankOptions = {}): Board<RankedRow> {
  const all = { ...DEFAULT_OPTIONS, ...options }
  const tally = tallyVotes(votes, all.side)
  return rankBoard(votes, tally, { options: all, cells: cellMaker(votes, all, options.clusters) })
}

/** Ranks several cuts of one log, counted in one pass: one board for each, empty ones included. */
export function rankBoards(
  votes: VoteColumns,
  memberships: Memberships,
  options: VoteRankOptions = {},
): Board<RankedRow>[] {
  const all = { ...DEFAULT_OPTIONS, ...options }
  const cells = cellMaker(votes, all, options.clusters)
  return tallyBoards(votes, memberships, all.side).map((tally, board) =>
    rankBoard(votes, tally, { options: all, cells, isMember: memberOf(memberships, board) }),
  )
}

/** The Bradley–Terry fit behind a board with its covariance: for comparisons, fragility and drift. */
export function fitVotes(
  votes: VoteColumns,
  { side = false, clusters }: { readonly side?: boolean; readonly clusters?: Clusters | undefined } = {},
): FittedComponent[] {
  const tally = tallyVotes(votes, side)
  const cells = clusters && clusteredVotes(sortVotes(votes, clusters, side), votes, tally)
  return withSandwich(fitBoard(tally.table, { method: 'bt', side }), tally.table, cells)
}

/** Ranks counts of outcomes by pair. They have no order, so no Elo, and no voters, so no clusters. */
export function rankPairs(counts: PairCounts, options: Partial<RankOptions> = {}): Board<RankedRow> {
  const all = { ...DEFAULT_OPTIONS, ...options }
  if (all.method === 'elo') throw new RankingRefusal('online Elo needs votes in their order, not pair counts')
  return rankTally(tallyPairs(counts, all.side), all)
}

type Membership = ((vote: number) => boolean) | undefined
type CellMaker = ((tally: VoteTally, isMember: Membership) => NamedCells) | undefined

/** Sorts the votes by cluster once, for all boards. */
function cellMaker(votes: VoteColumns, { interval, side }: RankOptions, clusters: Clusters | undefined): CellMaker {
  if (!clusters || interval !== 'sandwich') return undefined
  const sorted = sortVotes(votes, clusters, side)
  return (tally, isMember) => ({ name: clusters.name, cells: clusteredVotes(sorted, votes, tally, isMember) })
}

function rankBoard(
  votes: VoteColumns,
  tally: VoteTally,
  { options, cells, isMember }: { options: RankOptions; cells: CellMaker; isMember?: Membership },
): Board<RankedRow> {
  if (options.method === 'elo') return rankByElo(votes, tally, { options, isMember })
  return rankTally(tally, options, cells?.(tally, isMember))
}
