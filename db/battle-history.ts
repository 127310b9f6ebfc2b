import { hash } from 'node:crypto'
import type { ExportedVote } from './export-source.ts'
import { groupBy } from './grouping.ts'
import type { VoteDetails } from './import-details.ts'
import type { LoggedVote } from './store.ts'

/** Everything that was said about one battle, in log order, with what became of it. */
export interface BattleHistory {
  readonly first: LoggedVote
  readonly last: LoggedVote
  /** Votes by their id, in log order; a withdrawal is known by what it did to a vote. */
  readonly votes: ReadonlyMap<string, ExportedVote>
}

/**
 * @param entries of any number of battles, in log order
 * @param details of those that were imported
 */
export function toHistories(
  entries: readonly LoggedVote[],
  details: ReadonlyMap<string, VoteDetails>,
): Map<string, BattleHistory> {
  const histories = new Map<string, BattleHistory>()
  for (const [battleId, ofBattle] of groupBy(entries, (entry) => entry.battleId)) {
    const [first, last] = [ofBattle[0], ofBattle.at(-1)]
    if (first && last) histories.set(battleId, { first, last, votes: toVotes(ofBattle, details) })
  }
  return histories
}

function toVotes(entries: readonly LoggedVote[], details: ReadonlyMap<string, VoteDetails>): Map<string, ExportedVote> {
  const votes = new Map<string, ExportedVote>()
  const said = groupBy(entries, sayingOf)
  for (const entry of entries) {
    if (entry.kind !== 'vote') continue
    const byVoter = said.get(sayingOf(entry)) ?? []
    const index = byVoter.indexOf(entry)
    const known = details.get(entry.id)
    const around = { before: byVoter.slice(0, index), next: byVoter[index + 1] }
    votes.set(entry.id, known ? toImportedVote(entry, around, known) : toVote(entry, around))
  }
  return votes
}

/** What one voter said about one turn. */
function sayingOf({ voterId, turn }: LoggedVote): string {
  return `${voterId} ${turn}`
}

/** What the same voter said about the same turn before, and what next. */
interface Around {
  readonly before: readonly LoggedVote[]
  readonly next: LoggedVote | undefined
}

function toVote(entry: LoggedVote, { before, next }: Around): ExportedVote {
  return {
    id: entry.id,
    judge: toPseudonym(entry.voterId),
    turn: entry.turn,
    outcome: entry.outcome,
    strength: null,
    weight: 1,
    isBlind: entry.uncounted !== 'revealed',
    isLeaked: entry.uncounted === 'identity-leaked',
    excluded: next?.kind === 'withdrawal' ? 'withdrawn' : entry.uncounted === 'excluded' ? 'operator' : null,
    supersedes: before.findLast(({ kind }) => kind === 'vote')?.id ?? null,
    isSuperseded: next !== undefined,
    at: entry.at,
  }
}

/** What came with an imported vote, instead of what is worked out for votes that were cast here. */
function toImportedVote(entry: LoggedVote, { before, next }: Around, known: VoteDetails): ExportedVote {
  const isSuperseded = next !== undefined
  return {
    id: entry.id,
    judge: known.judge,
    turn: entry.turn,
    outcome: entry.outcome,
    strength: known.strength,
    weight: known.weight,
    isBlind: entry.uncounted !== 'revealed',
    isLeaked: known.leaked,
    excluded: known.excluded ?? (isSuperseded ? 'superseded' : null),
    supersedes: known.replaces ?? before.findLast(({ kind }) => kind === 'vote')?.id ?? null,
    isSuperseded,
    at: entry.at,
  }
}

/** Ids of voters are random already; their hash in a file is no key to anything here. */
export function toPseudonym(voterId: string): string {
  return hash('sha256', `ringside-judge-1\n${voterId}`).slice(0, 16)
}
