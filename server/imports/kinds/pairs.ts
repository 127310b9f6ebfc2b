import { field } from '../column-map.ts'
import { joinDialogues, toDialogue } from '../conversations.ts'
import type { ImportKind, ReadingContext, Understood } from '../import-kind.ts'
import { PLAIN_BATTLE, PLAIN_VOTE, type BattleFact, type ToldLabels } from '../imported-facts.ts'
import { toCategoryLabel } from '../category-labels.ts'
import { toLanguageCode } from '../language-codes.ts'
import { ownValue, readMessages, type Message } from '../messages.ts'
import { toText, type RecordFields } from '../record-fields.ts'
import { describeValue, Refusal } from '../refusal.ts'
import { refuseSame } from './model-pair.ts'
import { readPairMessages, type PairMessages } from './pair-messages.ts'
import { LABEL_FIELDS, readLabels } from './told-labels.ts'

/** Preference pairs, as trainers read them: somebody liked one answer better, and mostly nobody says who or whose. */
export const pairsKind: ImportKind = {
  name: 'pairs',
  fields: [
    field('chosen', 'preferred'),
    field('rejected', 'dispreferred'),
    field('prompt'),
    field('question'),
    field('instruction'),
    field('input'),
    field('history'),
    field('system', 'system_prompt'),
    field('messages'),
    field('conversations'),
    field('context'),
    field('completions'),
    field('preferred_output'),
    field('non_preferred_output'),
    field('chosen_response'),
    field('rejected_response'),
    field('chosen_model', 'meta.chosen_model'),
    field('rejected_model', 'meta.rejected_model'),
    field('meta'),
    ...LABEL_FIELDS,
  ],
  read: (fields, context) =>
    fields.has('completions')
      ? readRankedList(fields, context)
      : toPair(readPairMessages(fields), readPairNames(fields), fields, context),
  claims: (columns) =>
    (columns.has('chosen') && columns.has('rejected')) ||
    columns.has('preferredoutput') ||
    columns.has('rejectedresponse') ||
    (columns.has('completions') && columns.has('context')),
}

interface PairNames {
  readonly chosen: string | null
  readonly rejected: string | null
}

function readPairNames(fields: RecordFields): PairNames {
  const meta = fields.value('meta')
  const name = (field: 'chosen_model' | 'rejected_model') => {
    const told = fields.value(field) ?? ownValue(meta, field) ?? null
    return told === null || told === '' ? null : toText(told, field)
  }
  return { chosen: name('chosen_model'), rejected: name('rejected_model') }
}

function toPair(messages: PairMessages, names: PairNames, fields: RecordFields, context: ReadingContext): Understood {
  const fact = toPairFact(messages, names, { labels: readPairLabels(fields), source: context.source })
  return fact === null ? 'same_text' : [fact]
}

/** Nothing for two answers that are the same. */
function toPairFact(
  { chosen, rejected }: PairMessages,
  names: PairNames,
  { labels, source }: { labels: ToldLabels; source: string },
): BattleFact | null {
  const conversation = joinDialogues(toDialogue(chosen, 'chosen'), toDialogue(rejected, 'rejected'), null, 'rejected')
  if (conversation.turns.some(({ prompt }) => prompt.trim() === '')) {
    throw new Refusal('empty_prompt', 'prompt', 'expected a prompt, got an empty text')
  }
  if (conversation.turns.every(({ answers }) => answers.a.trim() === answers.b.trim())) return null
  const isUnrated = names.chosen === null || names.rejected === null
  const models = { a: names.chosen ?? `${source}:chosen`, b: names.rejected ?? `${source}:rejected` }
  return {
    ...PLAIN_BATTLE,
    ...labels,
    models: refuseSame(models, 'rejected_model'),
    conversation,
    turn: conversation.turns.length,
    isSideOpen: true,
    votes: [{ ...PLAIN_VOTE, outcome: 'a', excluded: isUnrated ? 'unrated' : null }],
  }
}

/** Our own exports put the labels into `meta`, where an empty text stands for nothing. */
function readPairLabels(fields: RecordFields): ToldLabels {
  const meta = fields.value('meta')
  const told = readLabels(fields)
  const [language, categories] = ['language', 'categories'].map((name) => ownValue(meta, name))
  const names = typeof categories === 'string' && categories !== '' ? categories.split('|') : null
  return {
    language: told.language ?? (typeof language === 'string' ? toLanguageCode(language) : null),
    categories: told.categories ?? names?.map(toCategoryLabel).filter((label) => label !== null) ?? null,
  }
}

interface RankedAnswer {
  readonly rank: number
  readonly model: string | null
  readonly messages: readonly Message[]
}

/** A list of answers in order: every answer is preferred to each that ranks below it. */
function readRankedList(fields: RecordFields, context: ReadingContext): Understood {
  const answers = readRankedAnswers(fields)
  const prompt = readMessages(fields.value('context'), 'context')
  const about = { labels: readPairLabels(fields), source: context.source }
  const facts = answers.flatMap((better, index) =>
    answers.slice(index + 1).flatMap((worse) => {
      if (worse.rank === better.rank) return []
      const pair = { chosen: [...prompt, ...better.messages], rejected: [...prompt, ...worse.messages] }
      return toPairFact(pair, { chosen: better.model, rejected: worse.model }, about) ?? []
    }),
  )
  return facts.length === 0 ? 'same_text' : facts
}

function readRankedAnswers(fields: RecordFields): RankedAnswer[] {
  const list = fields.value('completions')
  if (!Array.isArray(list)) {
    throw new Refusal('bad_value', 'completions', `expected a list of ranked answers, got ${describeValue(list)}`)
  }
  const models = ownValue(fields.value('meta'), 'models')
  const names = typeof models === 'string' ? models.split('|') : []
  const answers = list.map((answer: unknown, index): RankedAnswer => {
    const rank = ownValue(answer, 'rank')
    if (typeof rank !== 'number' || !Number.isFinite(rank)) {
      throw new Refusal(
        'bad_value',
        'completions',
        `expected a rank for answer ${index + 1}, got ${describeValue(rank)}`,
      )
    }
    const model = names.length === list.length ? (names[index] ?? null) : null
    return { rank, model, messages: readMessages(ownValue(answer, 'completion'), 'completions') }
  })
  return answers.toSorted((one, other) => one.rank - other.rank)
}
