/** Why a unit is not in a file. Every dropped unit has one reason: the first that applies, in this order. */
export const DROP_REASONS = [
  'erased',
  'unanswered',
  'leaked',
  'excluded',
  'empty_prompt',
  'empty_answer',
  'few_votes',
  'no_majority',
  'low_agreement',
  'tie',
  'both_bad',
  'same_text',
  'diverged',
  'not_plain',
  'duplicate',
  'near_duplicate',
] as const

export type DropReason = (typeof DROP_REASONS)[number]
