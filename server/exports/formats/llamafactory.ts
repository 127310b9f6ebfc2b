import { column, listOf, STRING, structOf } from '../columns.ts'
import { lastAnswer, lastPrompt, promptMessages } from '../messages.ts'
import { pairMeta, PAIR_META } from '../meta.ts'
import { pairFormat, type Pair } from './pair-layout.ts'

const SPEECH = structOf(column('from', STRING), column('value', STRING))
const SPEAKERS = { user: 'human', assistant: 'gpt', system: 'system' } as const

/** sharegpt with ranking; alpaca for plain text. The system prompt has a column of its own in both. */
export const llamafactory = pairFormat({
  needsSharedHistory: true,
  fits: () => true,
  columns: ({ text }) => (text ? alpacaColumns : sharegptColumns),
  toRow: (pair, { text }) => (text ? alpacaRow(pair) : sharegptRow(pair)),
})

const sharegptColumns = [
  column('conversations', listOf(SPEECH)),
  column('chosen', SPEECH),
  column('rejected', SPEECH),
  column('system', STRING),
  PAIR_META,
]

const alpacaColumns = [
  column('instruction', STRING),
  column('input', STRING),
  column('chosen', STRING),
  column('rejected', STRING),
  column('system', STRING),
  column('history', listOf(listOf(STRING))),
  PAIR_META,
]

function sharegptRow(pair: Pair) {
  const { conversation, chosen, rejected } = pair
  const spoken = promptMessages(conversation, chosen).filter(({ role }) => role !== 'system')
  return {
    conversations: spoken.map(({ role, content }) => ({ from: SPEAKERS[role], value: content })),
    chosen: { from: SPEAKERS.assistant, value: lastAnswer(conversation, chosen) },
    rejected: { from: SPEAKERS.assistant, value: lastAnswer(conversation, rejected) },
    system: conversation.system,
    meta: pairMeta(pair.unit, pair.key, pair),
  }
}

function alpacaRow(pair: Pair) {
  const { conversation, chosen, rejected } = pair
  return {
    instruction: lastPrompt(conversation),
    input: '',
    chosen: lastAnswer(conversation, chosen),
    rejected: lastAnswer(conversation, rejected),
    system: conversation.system,
    history: conversation.turns.slice(0, -1).map(({ prompt, answers }) => [prompt, answers[chosen]]),
    meta: pairMeta(pair.unit, pair.key, pair),
  }
}

/** One entry of LLaMA-Factory's `dataset_info.json`. A column that is not listed is off, so all are. */
export function datasetEntry(fileName: string, text: boolean) {
  if (text) {
    const columns = {
      prompt: 'instruction',
      query: 'input',
      chosen: 'chosen',
      rejected: 'rejected',
      system: 'system',
      history: 'history',
    }
    return { file_name: fileName, ranking: true, columns }
  }
  const columns = { messages: 'conversations', chosen: 'chosen', rejected: 'rejected', system: 'system' }
  return { file_name: fileName, formatting: 'sharegpt', ranking: true, columns }
}
