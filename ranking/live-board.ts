import type { Board } from './board.ts'
import { fitBoard, withSandwich, type FittedComponent } from './board-fit.ts'
import { boardRows, type Anchor } from './board-rows.ts'
import { ClusterTally } from './cluster-tally.ts'
import { estimateFrom } from './component-estimate.ts'
import { toComparisonBasis, type ComparisonBasis } from './comparison.ts'
import { effectsOf } from './effects.ts'
import { ModelTally } from './model-tally.ts'
import { toMovementBasis, type MovementBasis } from './movement.ts'
import { DEFAULT_ELO, type EloOptions } from './online-elo.ts'
import { OUTCOME_CODES, mirrored, scoreOf, type Outcome } from './outcome.ts'
import { PairTally } from './pair-tally.ts'
import { sandwichName, toBoard } from './to-board.ts'
import { VoteLog } from './vote-log.ts'

/** One vote. Models and voters are dense non-negative integers of the caller's. */
export interface LiveVote {
  readonly a: number
  readonly b: number
  readonly outcome: Outcome
  readonly voter: number
  /** Sampling weight, above 0; 1 when left out. */
  readonly weight?: number | undefined
}

export interface LiveBoardOptions {
  /** Estimate the advantage of side a as well. */
  readonly sideEffect?: boolean
  /** Intervals allow for each voter's votes hanging together (the default), or take every vote as independent. */
  readonly cluster?: 'voter' | 'none'
  readonly anchor?: Anchor
  /** A model with fewer votes is marked preliminary; 30 by default. */
  readonly minimumVotes?: number
  /** Coverage of all intervals; 0.95 by default. */
  readonly level?: number
  readonly elo?: EloOptions
}

export interface RefitOptions {
  /** Ignore the previous fit. */
  readonly cold?: boolean
}

/** A leaderboard kept up with its votes. Bradley–Terry, ties as half wins. */
export interface LiveBoard {
  /** Votes counted now. */
  readonly votes: number
  /** Takes one vote in: O(1), no fit. Throws a RangeError on bad indices or weights. */
  add(vote: LiveVote): void
  /** Takes an equal earlier vote out again; false when there is none. */
  remove(vote: LiveVote): boolean
  /** The board of the votes so far, from a warm start. The same up to 1e-9 points whatever their order of arrival. */
  refit(options?: RefitOptions): Board
  /** What {@link movement} needs, as of the last refit. Fresh arrays, free to be transferred. */
  movementBasis(): MovementBasis
  /** What `compareModels` needs, as of the last refit. Fresh arrays, free to be transferred. */
  comparisonBasis(): ComparisonBasis
}

/**
 * Memory: 13 bytes a vote, about 80 a pair and 40 a distinct (voter, pair). A refit costs O(pairs) per Newton step,
 * O(m³) for the intervals and O(cells + Σ_voters models²) for clustering; none of it grows with votes alone.
 */
export function createLiveBoard(options: LiveBoardOptions = {}): LiveBoard {
  const { sideEffect = false, cluster = 'voter', level = 0.95, minimumVotes = 30 } = options
  const pairs = new PairTally(sideEffect)
  const clusters = cluster === 'voter' ? new ClusterTally() : undefined
  const totals = new ModelTally()
  const log = new VoteLog(options.elo ?? DEFAULT_ELO)
  let votes = 0
  let fits: readonly FittedComponent[] = []
  let board: Board | undefined

  const count = ({ a, b, outcome, voter, weight = 1 }: LiveVote, sign: 1 | -1) => {
    const code = OUTCOME_CODES[outcome]
    const row = pairs.rowOf(a, b)
    const score = scoreOf(pairs.isMirrored(a, b) ? mirrored(code) : code)
    pairs.count(row, score, weight, sign)
    clusters?.add(voter, row, score, sign * weight)
    totals.count(a, b, code, sign)
    votes += sign
    board = undefined
  }

  const refit = ({ cold = false }: RefitOptions = {}): Board => {
    if (board && !cold) return board
    const table = pairs.table(totals.models)
    const previous = cold ? undefined : fits
    fits = withSandwich(fitBoard(table, { method: 'bt', side: sideEffect, previous }), table, clusters?.cells())
    const elo = log.elo(totals.models)
    const rows = boardRows(
      fits.map((fit) => estimateFrom(fit, fit.covariance, level)),
      { totals, minimumVotes, anchor: options.anchor },
    ).map((row) => ({ ...row, elo: elo[row.model] ?? 0 }))
    const main = fits[0]
    const clusterCount = main?.covariance.clusters ?? 0
    board = toBoard(fits, rows, {
      method: 'bt',
      interval: sandwichName(clusters ? 'voter' : undefined, clusterCount),
      votes,
      clusters: clusterCount,
      effects: main ? effectsOf(main, { errors: (i) => main.covariance.errors[i] ?? 0 }) : [],
    })
    return board
  }

  return {
    get votes() {
      return votes
    },
    add(vote) {
      check(vote)
      log.append(vote.a, vote.b, OUTCOME_CODES[vote.outcome], vote.voter)
      count(vote, 1)
    },
    remove(vote) {
      check(vote)
      if (!log.withdraw(vote.a, vote.b, OUTCOME_CODES[vote.outcome], vote.voter)) return false
      count(vote, -1)
      return true
    },
    refit,
    comparisonBasis: () => toComparisonBasis(fits, totals.models),
    movementBasis: () => toMovementBasis(fits, totals.models),
  }
}

function check(vote: LiveVote): void {
  checkIndex('a', vote.a)
  checkIndex('b', vote.b)
  checkIndex('voter', vote.voter)
  if (vote.a === vote.b) throw new RangeError(`a model cannot meet itself, got ${vote.a} on both sides`)
  const { weight = 1 } = vote
  if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`a weight must be above 0 and finite, got ${weight}`)
  }
}

function checkIndex(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`${name} must be an index from 0, got ${value}`)
}
