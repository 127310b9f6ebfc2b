/** What a voter can say about two answers, in the order in which every table lists them. */
export const OUTCOMES = ['a', 'b', 'tie', 'both_bad'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const SIDES = ['a', 'b'] as const
export type Side = (typeof SIDES)[number]

/** One value per side: `{ a, b }`. */
export type PerSide<T> = { readonly [side in Side]: T }
