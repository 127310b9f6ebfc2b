import { createHash } from 'node:crypto'
import { VoteId, VoterId } from '../contract/ids.ts'
import type { ImportedVote } from './import-sink.ts'
import type { LogEntry } from './vote-decisions.ts'

/** A line of the vote log that an import appends, with what is known of it beside. */
export interface ImportedEntry extends LogEntry {
  readonly source: string
  readonly judge: string | null
  readonly excluded: string | null
  readonly leaked: boolean
  readonly replaces: VoteId | null
  readonly strength: number | null
  readonly weight: number
  /** JSON text. */
  readonly style: string | null
}

/** Where a voter stands on a battle. */
interface Standing {
  revision: number
  /** The entry that counts; nothing after a withdrawal. */
  current: ImportedEntry | null
}

/** The code of a vote that came after a later one of the same voter. */
const SUPERSEDED = 'superseded'

/**
 * What imported votes become in the log. One that takes the place of another is preceded by an entry that takes that
 * one back, so that the log reads like one that was written here.
 *
 * @param earlier what is in the log of the voters and battles of these votes, in log order
 */
export function planImportedEntries(
  votes: readonly ImportedVote[],
  earlier: readonly ImportedEntry[],
): ImportedEntry[] {
  const standings = new Map<string, Standing>()
  for (const entry of earlier) {
    standings.set(placeOf(entry), { revision: entry.revision, current: entry.kind === 'vote' ? entry : null })
  }
  return votes.flatMap((vote) => planVote(vote, standings))
}

function planVote(vote: ImportedVote, standings: Map<string, Standing>): ImportedEntry[] {
  const { history } = vote
  if (history.kind === 'bare' || history.kind === 'alone') return [toEntry(vote)]
  const standing = standings.get(placeOf(vote)) ?? { revision: 0, current: null }
  const { current } = standing
  if (current && history.kind === 'named' && history.id !== current.id) return [apart(vote, vote.excluded)]
  if (current && history.kind === 'latest' && vote.at < current.at) return [apart(vote, vote.excluded ?? SUPERSEDED)]
  const withdrawal = current && toWithdrawal(vote, current, standing.revision + 1)
  const entry = { ...toEntry(vote), revision: standing.revision + (withdrawal ? 2 : 1) }
  standings.set(placeOf(vote), { revision: entry.revision, current: entry })
  return withdrawal ? [withdrawal, entry] : [entry]
}

/** Beside the other votes of its voter: it neither takes one's place nor can be taken for the latest. */
function apart(vote: ImportedVote, excluded: string | null): ImportedEntry {
  return { ...toEntry(vote), voterId: VoterId.parse(vote.id), excluded }
}

/** Copies the vote that it takes back, as every withdrawal does. */
function toWithdrawal(vote: ImportedVote, taken: ImportedEntry, revision: number): ImportedEntry {
  const id = VoteId.parse(createHash('sha256').update(`withdrawal ${vote.id}`).digest('base64url').slice(0, 22))
  return { ...taken, id, kind: 'withdrawal', revision, supersedes: taken.id, at: vote.at, source: vote.source }
}

function placeOf({ battleId, voterId }: Pick<LogEntry, 'battleId' | 'voterId'>): string {
  return `${battleId} ${voterId}`
}

/** The mark that says on every engine why a vote is on no board; others have a word of their own. */
export function markOf({ isBlind, isLeaked }: ImportedVote): ImportedEntry['mark'] {
  if (!isBlind) return 'revealed'
  return isLeaked ? 'identity-leaked' : null
}

function toEntry(vote: ImportedVote): ImportedEntry {
  return {
    id: vote.id,
    kind: 'vote',
    battleId: vote.battleId,
    voterId: vote.voterId,
    revision: 1,
    arena: vote.arena,
    modelA: vote.models.a,
    modelB: vote.models.b,
    turn: vote.turn,
    generation: 1,
    outcome: vote.outcome,
    mark: markOf(vote),
    supersedes: null,
    language: vote.language,
    categories: JSON.stringify(vote.categories),
    at: vote.at,
    source: vote.source,
    judge: vote.judge,
    excluded: vote.excluded,
    leaked: vote.isLeaked,
    replaces: vote.history.kind === 'named' ? vote.history.id : null,
    strength: vote.strength,
    weight: vote.weight,
    style: vote.style === null ? null : JSON.stringify(vote.style),
  }
}
