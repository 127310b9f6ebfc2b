/** What a voter said about one battle: side a better, side b better, equally good, equally bad. */
export type Outcome = 'a' | 'b' | 'tie' | 'both_bad'

/** Outcomes as small integers, the form in which columns of votes hold them. */
export const OUTCOME_CODES = { a: 0, b: 1, tie: 2, both_bad: 3 } as const satisfies Record<Outcome, number>

export type OutcomeCode = (typeof OUTCOME_CODES)[Outcome]

/** The same outcome with the two sides exchanged. */
export function mirrored(code: number): number {
  return code < 2 ? 1 - code : code
}

/** The half-win score of side a: 1 for a win, 0 for a loss, ½ for either kind of tie. */
export function scoreOf(code: number): number {
  return code === 0 ? 1 : code === 1 ? 0 : 0.5
}
