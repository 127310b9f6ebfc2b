import { hash } from 'node:crypto'
import type { Outcome } from '../../../contract/outcome.ts'
import type { RecordFields } from '../record-fields.ts'
import { describeValue, Refusal } from '../refusal.ts'
import { readVoteTime } from './vote-facts.ts'

interface Scores {
  a: number
  b: number
  at: number | null
  isTold: boolean
}

export interface JudgedAnswers {
  readonly outcome: Outcome
  readonly at: number | null
  readonly item: string
}

/**
 * A reaction is about one answer, a vote about two: what was said of both has to be known before either row can be
 * read. Only scores are held, not texts.
 */
export class ReactionScores {
  readonly #scores = new Map<string, Scores>()

  note(fields: RecordFields): void {
    const { key } = placeOf(fields)
    const scores = this.#scores.get(key) ?? { a: 0, b: 0, at: null, isTold: false }
    this.#scores.set(key, scores)
    scores[sideOf(fields)] = scoreOf(fields)
    const at = readVoteTime(fields)
    if (at !== null) scores.at = Math.max(scores.at ?? 0, at)
  }

  /** What both rows together say, once; nothing for the second row, or when nobody was liked or disliked. */
  take(fields: RecordFields): JudgedAnswers | null {
    const { key, item } = placeOf(fields)
    const scores = this.#scores.get(key)
    if (!scores || scores.isTold) return null
    scores.isTold = true
    const outcome = outcomeOf(scores)
    return outcome === null ? null : { outcome, at: scores.at, item }
  }
}

function outcomeOf({ a, b }: Scores): Outcome | null {
  if (a > b) return 'a'
  if (b > a) return 'b'
  return a === 0 ? null : a > 0 ? 'tie' : 'both_bad'
}

function placeOf(fields: RecordFields): { key: string; item: string } {
  const item = `${fields.name('conversation_pair_id')}:${fields.text('msg_rank')}`
  return { item, key: hash('sha256', item, 'base64url').slice(0, 22) }
}

function sideOf(fields: RecordFields): 'a' | 'b' {
  const position = fields.optionalText('model_pos')
  if (position === 'a' || position === 'b') return position
  throw new Refusal('bad_value', 'model_pos', `expected a or b, got ${describeValue(position)}`)
}

function scoreOf(fields: RecordFields): number {
  return (fields.flag('liked') === true ? 1 : 0) - (fields.flag('disliked') === true ? 1 : 0)
}
