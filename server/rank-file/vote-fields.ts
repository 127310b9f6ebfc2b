/** What a row may say, and how its columns may be called; the first name that is there counts. */
const ALIASES = {
  model_a: ['model_a', 'model_a_name', 'model_1', 'left_model', 'model_left'],
  model_b: ['model_b', 'model_b_name', 'model_2', 'right_model', 'model_right'],
  winner: ['winner', 'outcome', 'vote', 'choice', 'result', 'preference'],
  winner_model_a: ['winner_model_a'],
  winner_model_b: ['winner_model_b'],
  winner_tie: ['winner_tie'],
  voter: ['voter', 'judge', 'user', 'judge_hash', 'annotator', 'worker', 'visitor_id', 'evaluation_session_id'],
  item: ['item', 'pair_id', 'battle_id', 'question_id', 'comparison_id', 'conversation_pair_id'],
  category: ['category', 'categories', 'category_tag'],
  is_code: ['is_code'],
  weight: ['weight'],
  counted: ['counted'],
  tokens_a: ['tokens_a', 'words_a', 'sum_assistant_a_tokens'],
  tokens_b: ['tokens_b', 'words_b', 'sum_assistant_b_tokens'],
  headers_a: ['headers_a', 'header_count_a'],
  headers_b: ['headers_b', 'header_count_b'],
  lists_a: ['lists_a', 'list_count_a'],
  lists_b: ['lists_b', 'list_count_b'],
  bold_a: ['bold_a', 'bold_count_a'],
  bold_b: ['bold_b', 'bold_count_b'],
  conv_metadata: ['conv_metadata'],
  wins_a: ['wins_a', 'win_a', 'a_wins'],
  wins_b: ['wins_b', 'win_b', 'b_wins'],
  ties: ['ties', 'tie', 'draws'],
  ties_both_bad: ['ties_both_bad', 'both_bad', 'ties_bothbad'],
} as const satisfies Record<string, readonly string[]>

export type VoteField = keyof typeof ALIASES
export const VOTE_FIELDS = Object.keys(ALIASES) as VoteField[]

/** `--cluster auto` trusts only these: other columns may say who voted, but nobody promised. */
const AUTOMATIC_VOTERS = ['voter', 'judge', 'user']

/** Without what people write differently. */
export function normalisedName(name: string): string {
  return name.toLowerCase().replace(/[_\-. ]/g, '')
}

/** Position of the field's column; -1 when there is none. */
export function columnOf(field: VoteField, columns: readonly string[]): number {
  return firstOf(ALIASES[field], columns)
}

export function automaticVoterColumn(columns: readonly string[]): number {
  return firstOf(AUTOMATIC_VOTERS, columns)
}

/** The column that `--cluster` names: by its own name, or as `voter` or `item`. */
export function namedColumn(name: string, columns: readonly string[]): number {
  const own = firstOf([name], columns)
  if (own >= 0 || (name !== 'voter' && name !== 'item')) return own
  return columnOf(name, columns)
}

export function aliasesOf(field: VoteField): readonly string[] {
  return ALIASES[field]
}

function firstOf(names: readonly string[], columns: readonly string[]): number {
  const normalised = columns.map(normalisedName)
  for (const name of names) {
    const at = normalised.indexOf(normalisedName(name))
    if (at >= 0) return at
  }
  return -1
}
