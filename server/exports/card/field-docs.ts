import type { ExportQuery } from '../export-query.ts'
import { columnsOf } from '../formats/formats.ts'

/** What each column means, for the card. A test sees to it that none is missing. */
export const FIELD_DOCS: Readonly<Record<string, string>> = {
  prompt: 'what was asked, with earlier turns and the system prompt where there were any',
  chosen: 'the answer that was judged better',
  rejected: 'the answer that was judged worse',
  completion: 'one answer',
  label: 'true when the answer was judged good beside the other',
  margin: 'how much better the chosen answer is: share of votes, or mean strength',
  messages: 'the conversation',
  meta: 'where the row comes from: id (hash of the row text), battle, turn, arena, categories, language, models, number of votes, agreement (share of the commonest outcome), margin (share of votes for minus share against), source of an import',
  input: 'the conversation up to the answer',
  preferred_output: 'the answer that was judged better',
  non_preferred_output: 'the answer that was judged worse',
  conversations: 'the conversation up to the answer, in ShareGPT form',
  instruction: 'the last prompt',
  question: 'the prompt',
  system: 'system prompt; empty when there was none',
  history: 'earlier turns, each as prompt and answer',
  prompt_id: 'SHA-256 of the prompt',
  score_chosen: 'share of points of the chosen answer in its battle: a win is 1, a tie ½; not the mark of a rater',
  score_rejected: 'the same of the rejected answer',
  context: 'the prompt, with its system prompt',
  completions: 'answers with their rank, 0 for the best; equal shares of points have equal ranks',
  schema_version: 'layout of this file',
  id: 'of the vote, or of the battle',
  question_id: 'of the battle',
  arena: 'kind of comparison',
  model_a: 'name of the model on the left',
  model_b: 'name of the model on the right',
  winner: 'model_a, model_b, tie or both_bad; in a file of battles: the judgement known to be right',
  judge: 'pseudonym of the voter, stable within one installation',
  turn: 'user turns up to the vote',
  anony: 'the names were not known when the vote was cast',
  counted: 'on the default board',
  leaked: 'an answer names its model or maker',
  excluded: 'why the vote is on no board',
  supersedes: 'id of the earlier vote that this one replaces',
  source: 'label of the import it came with',
  language: 'ISO 639-1',
  is_code: 'about a program',
  categories: 'labels by which boards are cut',
  tstamp: 'when the vote was cast, seconds since 1970',
  timestamp: 'the same moment, ISO 8601',
  strength: '1 better, 2 much better',
  weight: 'sampling weight',
  conversation_a: 'what the left model was told and said, up to the vote',
  conversation_b: 'the same of the right model',
  conv_metadata: 'style counts of both sides; tokens are estimates of Ringside, not counts of a tokenizer',
  response_a: 'answer on the left',
  response_b: 'answer on the right',
  votes: 'the judgements that count',
}

/** In alpaca files, where the name has a fixed meaning of its own. */
const UNUSED_INPUT = 'always empty: the layout has it'

export function describeFields(query: ExportQuery): [name: string, meaning: string][] {
  return columnsOf(query).map(({ name, type }) => [
    name,
    name === 'input' && type.kind === 'string' ? UNUSED_INPUT : (FIELD_DOCS[name] ?? ''),
  ])
}
