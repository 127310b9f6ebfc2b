import { OUTCOMES } from '../../contract/outcome.ts'
import type { Memory } from '../storage.ts'
import type { GivenVote } from './battle-state.ts'

/**
 * Votes that were given and are not yet acknowledged, on this device. They outlive the tab and are sent again with their
 * own ids, so that each is counted once however often it goes out. One key each: tabs never overwrite one another.
 */
export interface KeptVotes {
  keep(vote: GivenVote): void
  forget(voteId: string): void
  find(voteId: string): GivenVote | undefined
  all(): GivenVote[]
}

const PREFIX = 'ringside.vote.'

export function keptVotes(device: Memory): KeptVotes {
  const find = (voteId: string) => parseVote(device.read(PREFIX + voteId))
  return {
    keep: ({ retryAt: _, ...vote }) => device.write(PREFIX + vote.voteId, JSON.stringify(vote)),
    forget: (voteId) => device.remove(PREFIX + voteId),
    find,
    all: () => device.keys(PREFIX).flatMap((key) => find(key.slice(PREFIX.length)) ?? []),
  }
}

/** What lies in a browser's storage may be of an older page or edited by hand. */
function parseVote(text: string | null): GivenVote | undefined {
  if (text === null) return undefined
  try {
    const vote = JSON.parse(text) as Partial<Record<keyof GivenVote, unknown>> | null
    const { voteId, battleId, turn, generation, outcome } = vote ?? {}
    const known = OUTCOMES.find((one) => one === outcome)
    if (typeof voteId !== 'string' || typeof battleId !== 'string' || !known) return undefined
    if (typeof turn !== 'number' || typeof generation !== 'number') return undefined
    return { voteId, battleId, turn, generation, outcome: known, retryAt: null }
  } catch {
    return undefined
  }
}
