import { MEAN_RATING } from './scale.ts'
import { WITHDRAWN, type VoteColumns } from './vote-columns.ts'

export interface EloOptions {
  /** Points at stake in one vote. */
  readonly k: number
  readonly start: number
  /** Rating difference at which the stronger is ten times as likely to win. */
  readonly scale: number
  /** Points that side a is given beforehand; none when left out. */
  readonly advantage?: number
}

/** K is small, as in the public Chatbot Arena code, so that the order of votes matters little. */
export const DEFAULT_ELO: EloOptions = { k: 4, start: MEAN_RATING, scale: 400 }

/**
 * Online Elo (Elo 1978), in place: R_a += K (s − E), R_b −= K (s − E), E = 1 / (1 + 10^((R_b − R_a − advantage) / scale)), for the
 * votes from … to − 1. Casts: indices come from the columns.
 */
export function playElo(
  ratings: Float64Array,
  votes: Pick<VoteColumns, 'a' | 'b' | 'outcome'>,
  { from, to, k, scale, advantage = 0 }: EloOptions & { from: number; to: number },
): void {
  const { a, b, outcome } = votes
  const rate = Math.LN10 / scale
  for (let v = from; v < to; v++) {
    const code = outcome[v] as number
    if (code === WITHDRAWN) continue
    const i = a[v] as number
    const j = b[v] as number
    const ratingA = ratings[i] as number
    const ratingB = ratings[j] as number
    const expected = 1 / (1 + Math.exp((ratingB - ratingA - advantage) * rate))
    const score = code === 0 ? 1 : code === 1 ? 0 : 0.5
    const change = k * (score - expected)
    ratings[i] = ratingA + change
    ratings[j] = ratingB - change
  }
}
