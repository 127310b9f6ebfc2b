import { MEAN_RATING } from './scale.ts'

export interface EloOptions {
  /** Points at stake in one vote. */
  readonly k: number
  readonly start: number
  /** Rating difference at which the stronger is ten times as likely to win. */
  readonly scale: number
}

/** K is small, as in the public Chatbot Arena code, so that the order of votes matters little. */
export const DEFAULT_ELO: EloOptions = { k: 4, start: MEAN_RATING, scale: 400 }

/** Votes in the order of the log. Outcome 0: a better, 1: b better, 2 and 3: ties; 255: withdrawn, to be skipped. */
export interface VoteColumns {
  readonly a: ArrayLike<number>
  readonly b: ArrayLike<number>
  readonly outcome: ArrayLike<number>
}

export const WITHDRAWN = 255

/**
 * Online Elo (Elo 1978), in place: R_a += K (s − E), R_b −= K (s − E), E = 1 / (1 + 10^((R_b − R_a) / scale)), for the
 * votes from … to − 1. Casts: indices come from the columns.
 */
export function playElo(
  ratings: Float64Array,
  votes: VoteColumns,
  { from, to, k, scale }: EloOptions & { from: number; to: number },
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
    const expected = 1 / (1 + Math.exp((ratingB - ratingA) * rate))
    const score = code === 0 ? 1 : code === 1 ? 0 : 0.5
    const change = k * (score - expected)
    ratings[i] = ratingA + change
    ratings[j] = ratingB - change
  }
}
