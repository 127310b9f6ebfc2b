import { OUTCOMES, type Outcome, type Side } from '../../contract/outcome.ts'
import type { ExportedBattle, ExportedVote, VotedBattle } from '../../db/store.ts'

/** One battle at one voted turn, with the votes from which pairs are made. */
export interface Unit {
  readonly battle: ExportedBattle
  readonly turn: number
  readonly votes: readonly ExportedVote[]
  readonly tally: Readonly<Record<Outcome, number>>
  /** The outcome with the most votes; null when none has more than every other. */
  readonly outcome: Outcome | null
  /** Share of that outcome among all votes of the unit. */
  readonly agreement: number
  /** Why a unit has no votes to make pairs from; null when it has. */
  readonly uncounted: 'leaked' | 'excluded' | null
}

/** The units of a battle in turn order. A turn whose votes were all taken back or replaced is none. */
export function toUnits(battle: VotedBattle, turns: 'last' | 'each'): Unit[] {
  const byTurn = new Map<number, ExportedVote[]>()
  for (const vote of battle.votes) {
    if (vote.isSuperseded) continue
    const ofTurn = byTurn.get(vote.turn)
    if (ofTurn) ofTurn.push(vote)
    else byTurn.set(vote.turn, [vote])
  }
  const voted = [...byTurn].toSorted(([one], [other]) => one - other)
  return (turns === 'last' ? voted.slice(-1) : voted).map(([turn, votes]) => toUnit(battle, turn, votes))
}

function toUnit(battle: ExportedBattle, turn: number, standing: readonly ExportedVote[]): Unit {
  const votes = standing.filter(makesPairs)
  const tally = tallyOf(votes)
  const { outcome, count } = findMajority(tally)
  return {
    battle,
    turn,
    votes,
    tally,
    outcome,
    agreement: votes.length === 0 ? 0 : count / votes.length,
    uncounted: votes.length > 0 ? null : standing.some((vote) => vote.isLeaked) ? 'leaked' : 'excluded',
  }
}

/** On the default board. */
export function isCounted(vote: ExportedVote): boolean {
  return vote.isBlind && !vote.isLeaked && vote.excluded === null && !vote.isSuperseded
}

/** Pairs that came without a rating teach as well as votes do, though no board may count them. */
function makesPairs(vote: ExportedVote): boolean {
  const isWanted = vote.excluded === null || vote.excluded === 'unrated'
  return vote.isBlind && !vote.isLeaked && isWanted && !vote.isSuperseded
}

function tallyOf(votes: readonly ExportedVote[]): Record<Outcome, number> {
  const tally = { a: 0, b: 0, tie: 0, both_bad: 0 }
  for (const { outcome } of votes) tally[outcome] += 1
  return tally
}

/** The commonest outcome, unless another is as common, and how often it is. */
function findMajority(tally: Readonly<Record<Outcome, number>>): { outcome: Outcome | null; count: number } {
  let best: Outcome | null = null
  let count = 0
  for (const outcome of OUTCOMES) {
    if (tally[outcome] === 0 || tally[outcome] < count) continue
    best = tally[outcome] === count ? null : outcome
    count = tally[outcome]
  }
  return { outcome: best, count }
}

export function otherSide(side: Side): Side {
  return side === 'a' ? 'b' : 'a'
}

/** (votes for the chosen − votes for the rejected) / all votes of the unit. */
export function shareMargin({ tally, votes }: Unit, chosen: Side): number {
  return (tally[chosen] - tally[otherSide(chosen)]) / votes.length
}

/** Mean strength of the votes for a side; a vote without a strength says "better", which is 1. */
export function meanStrength({ votes }: Unit, chosen: Side): number {
  const strengths = votes.filter(({ outcome }) => outcome === chosen).map(({ strength }) => strength ?? 1)
  return strengths.reduce((sum, strength) => sum + strength, 0) / strengths.length
}

/** Share of points of one answer in its battle: a win is 1, a tie ½. */
export function scoreOf({ tally, votes }: Unit, side: Side): number {
  return (tally[side] + tally.tie / 2) / votes.length
}
