import type { Outcome, PerSide } from '../../../contract/outcome.ts'
import { field } from '../column-map.ts'
import type { ImportKind } from '../import-kind.ts'
import { PLAIN_BATTLE, PLAIN_VOTE, type VoteFact } from '../imported-facts.ts'
import { normaliseName } from '../column-map.ts'
import { ownValue } from '../messages.ts'
import { readMoment } from '../moments.ts'
import { readOutcome, toOutcome } from '../outcomes.ts'
import { toText, type RecordFields } from '../record-fields.ts'
import { describeValue, Refusal } from '../refusal.ts'
import { MODEL_FIELDS, refuseSame } from './model-pair.ts'
import { LABEL_FIELDS, readLabels } from './told-labels.ts'
import { readJudge } from './vote-facts.ts'

const TEXTS = {
  prompt: ['prompt', 'instruction', 'question', 'input'],
  response_a: ['response_a', 'answer_a', 'response_1', 'answer_1', 'completion_a', 'generation_a', 'left'],
  response_b: ['response_b', 'answer_b', 'response_2', 'answer_2', 'completion_b', 'generation_b', 'right'],
} as const

const NAMES = {
  model_a: MODEL_FIELDS[0]?.aliases ?? [],
  model_b: MODEL_FIELDS[1]?.aliases ?? [],
}

/** Where annotation tools put what a record is about. */
const HOLDERS = ['fields', 'data', 'metadata', 'meta']

/** Exports of Argilla (nested or flat) and of Label Studio. `--map` says where things are that go by other names. */
export const argillaKind: ImportKind = {
  name: 'argilla',
  fields: [
    field('prompt', ...TEXTS.prompt),
    field('response_a', ...TEXTS.response_a),
    field('response_b', ...TEXTS.response_b),
    field('model_a', ...NAMES.model_a),
    field('model_b', ...NAMES.model_b),
    field('winner'),
    field('responses'),
    field('annotations'),
    ...HOLDERS.map((name) => field(name)),
    ...LABEL_FIELDS,
  ],
  read: (fields) => {
    const models = refuseSame({
      a: readPart(fields, 'model_a', NAMES.model_a),
      b: readPart(fields, 'model_b', NAMES.model_b),
    })
    const prompt = readPart(fields, 'prompt', TEXTS.prompt)
    const answers = {
      a: readPart(fields, 'response_a', TEXTS.response_a),
      b: readPart(fields, 'response_b', TEXTS.response_b),
    }
    const votes = fields.has('annotations') ? readAnnotations(fields, models) : readResponses(fields, models)
    if (votes.length === 0) return 'not_a_vote'
    return [
      {
        ...PLAIN_BATTLE,
        ...readLabels(fields),
        models,
        conversation: { system: null, turns: [{ prompt, answers }] },
        votes,
      },
    ]
  },
  claims: (columns) =>
    (columns.has('fields') && columns.has('responses')) ||
    (columns.has('annotations') && columns.has('data')) ||
    [...columns].some((name) => name.endsWith('responses') && name !== 'responses' && columns.has(`${name}users`)),
}

/** A text by one of its names, in the record itself or in what holds it. */
function readPart(fields: RecordFields, name: string, names: readonly string[]): string {
  const told = fields.value(name)
  if (told !== undefined) return toText(told, name)
  const wanted = new Set(names.map(normaliseName))
  for (const holder of HOLDERS) {
    const value = fields.value(holder)
    if (typeof value !== 'object' || value === null) continue
    const found = Object.keys(value).find((key) => wanted.has(normaliseName(key)))
    if (found !== undefined) return toText(ownValue(value, found), `${holder}.${found}`)
  }
  throw new Refusal('missing_field', name, `expected a text, got nothing (--map ${name}=COLUMN says where it is)`)
}

/** Label Studio: one annotation is one person's judgement; those that were given up do not count. */
function readAnnotations(fields: RecordFields, models: PerSide<string>): VoteFact[] {
  const list = fields.value('annotations')
  if (!Array.isArray(list)) throw new Refusal('bad_value', 'annotations', `expected a list, got ${describeValue(list)}`)
  return list.flatMap((annotation: unknown, index): VoteFact[] => {
    if (ownValue(annotation, 'was_cancelled') === true) return []
    const name = `annotations.${index}`
    const results = ownValue(annotation, 'result')
    const pairwise = Array.isArray(results) ? results.find((one) => ownValue(one, 'type') === 'pairwise') : undefined
    const selected = ownValue(ownValue(pairwise, 'value'), 'selected')
    if (selected === undefined || selected === null) return []
    const at = ownValue(annotation, 'created_at')
    return [
      {
        ...PLAIN_VOTE,
        outcome: readOutcome(selected, `${name}.selected`, models),
        judge: readPerson(ownValue(annotation, 'completed_by'), `${name}.completed_by`),
        at: at === undefined || at === null ? null : readMoment(at, `${name}.created_at`),
      },
    ]
  })
}

function readPerson(value: unknown, name: string): string | null {
  return readJudge(ownValue(value, 'id') ?? value, name)
}

/** Argilla: answers of people to one question of the record. */
function readResponses(fields: RecordFields, models: PerSide<string>): VoteFact[] {
  const { answers, people, states, name } = findAnswers(fields)
  return answers.flatMap((answer, index): VoteFact[] => {
    const state = ownValue(answer, 'status') ?? states[index] ?? 'submitted'
    const value =
      ownValue(answer, 'user_id') === undefined && ownValue(answer, 'status') === undefined
        ? answer
        : ownValue(answer, 'value')
    if (state !== 'submitted' || value === undefined || value === null) return []
    const person = ownValue(answer, 'user_id') ?? people[index]
    const outcome = readAnswer(value, name, models)
    return [{ ...PLAIN_VOTE, outcome, judge: readJudge(person, name) }]
  })
}

interface FoundAnswers {
  readonly answers: readonly unknown[]
  readonly people: readonly unknown[]
  readonly states: readonly unknown[]
  readonly name: string
}

function findAnswers(fields: RecordFields): FoundAnswers {
  const chosen = fields.value('winner')
  if (chosen !== undefined) return { answers: toList(chosen, 'winner'), people: [], states: [], name: 'winner' }
  const nested = fields.value('responses')
  if (typeof nested === 'object' && nested !== null && !Array.isArray(nested)) {
    const question = onlyOne(Object.keys(nested), 'responses')
    return { answers: toList(ownValue(nested, question), question), people: [], states: [], name: question }
  }
  const flat = fields.columns.filter((column) => column.endsWith('.responses'))
  const column = onlyOne(flat, 'responses')
  const beside = (suffix: string) => toList(fields.column(`${column}.${suffix}`) ?? [], column)
  return {
    answers: toList(fields.column(column) ?? [], column),
    people: beside('users'),
    states: beside('status'),
    name: column,
  }
}

function onlyOne(questions: readonly string[], name: string): string {
  const [question, ...others] = questions
  if (question !== undefined && others.length === 0) return question
  const found = questions.length === 0 ? 'none' : questions.join(', ')
  throw new Refusal(
    'missing_field',
    name,
    `expected one question, got ${found} (--map winner=responses.QUESTION says which)`,
  )
}

function toList(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new Refusal('bad_value', name, `expected a list of answers, got ${describeValue(value)}`)
}

/** A label, or both answers in order: the first is the better one, and equal ranks are a tie. */
function readAnswer(value: unknown, name: string, models: PerSide<string>): Outcome {
  if (!Array.isArray(value)) return readOutcome(value, name, models)
  const [first, second] = value
    .map((entry: unknown, index) => ({
      outcome: toSide(ownValue(entry, 'value') ?? entry, models),
      rank: ownValue(entry, 'rank') ?? index,
    }))
    .toSorted((one, other) => Number(one.rank) - Number(other.rank))
  if (!first?.outcome || !second?.outcome || value.length !== 2) {
    throw new Refusal('bad_winner', name, `expected both answers in order, got ${describeValue(value)}`)
  }
  return first.rank === second.rank ? 'tie' : first.outcome
}

function toSide(value: unknown, models: PerSide<string>): 'a' | 'b' | undefined {
  if (typeof value !== 'string') return undefined
  if (value === models.a) return 'a'
  if (value === models.b) return 'b'
  const name = normaliseName(value)
  const side = (['a', 'b'] as const).find((one) =>
    TEXTS[`response_${one}`].some((text) => normaliseName(text) === name),
  )
  const outcome = side ?? toOutcome(value)
  return outcome === 'a' || outcome === 'b' ? outcome : undefined
}
