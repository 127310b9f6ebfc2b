import type { Outcome } from '../../../contract/outcome.ts'
import type { ExportedTurn, ExportedVote } from '../../../db/export-source.ts'
import type { RememberedBattle } from './memory-source.ts'

export const AT = Date.parse('2026-11-24T22:00:00.123Z')

interface VoteParts extends Partial<ExportedVote> {
  readonly outcome: Outcome
}

let votes = 0

export function aVote(parts: VoteParts): ExportedVote {
  votes += 1
  return {
    id: `vote-${votes}`,
    judge: `judge-${votes}`,
    turn: 1,
    strength: null,
    weight: 1,
    isBlind: true,
    isLeaked: false,
    excluded: null,
    supersedes: null,
    isSuperseded: false,
    at: AT,
    ...parts,
  }
}

export function votesFor(...outcomes: Outcome[]): ExportedVote[] {
  return outcomes.map((outcome) => aVote({ outcome }))
}

export function aTurn(prompt: string | null, a: string | null, b: string | null): ExportedTurn {
  return { prompt, answers: { a, b } }
}

/** A battle of owl and fox over a small question, which owl wins unless told otherwise. */
export function aBattle(parts: Partial<RememberedBattle> = {}): RememberedBattle {
  return {
    id: 'battle-1',
    arena: 'text',
    models: { a: 'owl', b: 'fox' },
    language: 'en',
    categories: ['math', 'language-en'],
    source: '',
    isErased: false,
    system: '',
    turns: [aTurn('What is two and two?', 'Four.', 'Five.')],
    gold: null,
    votes: votesFor('a'),
    ...parts,
  }
}
