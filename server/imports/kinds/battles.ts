import type { PerSide } from '../../../contract/outcome.ts'
import { field, required } from '../column-map.ts'
import { joinDialogues, toDialogue, type Conversation } from '../conversations.ts'
import type { ImportKind } from '../import-kind.ts'
import { PLAIN_BATTLE, PLAIN_VOTE, type BattleFact, type VoteFact } from '../imported-facts.ts'
import { ownValue, readMessages } from '../messages.ts'
import { readMoment } from '../moments.ts'
import { readOutcome } from '../outcomes.ts'
import type { RecordFields } from '../record-fields.ts'
import { describeValue, Refusal } from '../refusal.ts'
import { MODEL_FIELDS, readModels, refuseSame } from './model-pair.ts'
import { LABEL_FIELDS, readLabels } from './told-labels.ts'
import { readJudge, readStrength } from './vote-facts.ts'

/** A prompt, two answers and any number of votes. A `winner` of the record itself is the right judgement, not a vote. */
export const battlesKind: ImportKind = {
  name: 'battles',
  fields: [
    required('prompt', 'instruction'),
    ...MODEL_FIELDS,
    required('response_a', 'response1'),
    required('response_b', 'response2'),
    field('id'),
    field('system'),
    field('conversation_a'),
    field('conversation_b'),
    field('votes'),
    field('winner'),
    field('cmp_key'),
    field('input'),
    field('annotator1'),
    field('annotator2'),
    field('annotator3'),
    ...LABEL_FIELDS,
  ],
  read: (fields, context) => {
    const ownId = context.isChosen('id') ? fields.optionalText('id') : null
    return [{ ...(fields.has('cmp_key') ? readPandaLm(fields) : readBattle(fields)), ownId }]
  },
  claims: (columns) => {
    const hasAnswers = ['prompt', 'modela', 'responsea', 'modelb', 'responseb'].every((name) => columns.has(name))
    return (hasAnswers && !columns.has('winnermodela') && !columns.has('schemaversion')) || columns.has('cmpkey')
  },
}

function readBattle(fields: RecordFields): BattleFact {
  const models = readModels(fields)
  const winner = fields.value('winner')
  const conversation = readConversation(fields)
  return {
    ...PLAIN_BATTLE,
    ...readLabels(fields),
    models,
    conversation,
    turn: conversation.turns.length,
    gold: winner === undefined ? null : readOutcome(winner, 'winner', models),
    votes: readVotes(fields.value('votes'), models),
  }
}

function readConversation(fields: RecordFields): Conversation {
  const [a, b] = [fields.value('conversation_a'), fields.value('conversation_b')]
  if (a !== undefined && b !== undefined) {
    const side = (value: unknown, name: string) => toDialogue(readMessages(value, name), name)
    return joinDialogues(side(a, 'conversation_a'), side(b, 'conversation_b'), null, 'conversation_b')
  }
  const answers = { a: fields.text('response_a'), b: fields.text('response_b') }
  return { system: fields.optionalText('system'), turns: [{ prompt: fields.text('prompt'), answers }] }
}

function readVotes(value: unknown, models: PerSide<string>): VoteFact[] {
  const list = typeof value === 'string' ? parseVotes(value) : (value ?? [])
  if (!Array.isArray(list))
    throw new Refusal('bad_value', 'votes', `expected a list of votes, got ${describeValue(list)}`)
  return list.map((vote: unknown, index) => readVote(vote, `votes.${index}`, models))
}

function parseVotes(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('bad_value', 'votes', `expected a list of votes as JSON, got ${describeValue(text)}`)
  }
}

function readVote(vote: unknown, name: string, models: PerSide<string>): VoteFact {
  if (typeof vote !== 'object' || vote === null) {
    throw new Refusal('bad_value', name, `expected a vote, got ${describeValue(vote)}`)
  }
  const winner = ownValue(vote, 'winner')
  if (winner === undefined || winner === null) {
    throw new Refusal('missing_field', `${name}.winner`, 'expected an outcome, got nothing')
  }
  const at = ownValue(vote, 'timestamp') ?? ownValue(vote, 'tstamp')
  return {
    ...PLAIN_VOTE,
    outcome: readOutcome(winner, `${name}.winner`, models),
    judge: readJudge(ownValue(vote, 'judge') ?? ownValue(vote, 'voter'), `${name}.judge`),
    at: at === undefined || at === null ? null : readMoment(at, `${name}.timestamp`),
    strength: readStrength(ownValue(vote, 'strength'), `${name}.strength`),
  }
}

const ANNOTATORS = ['annotator1', 'annotator2', 'annotator3'] as const

/** The test set of PandaLM: two names in one, three people who say 0 for a tie, 1 or 2. */
function readPandaLm(fields: RecordFields): BattleFact {
  const [a = '', b = '', ...more] = fields.name('cmp_key').split('_')
  if (a === '' || b === '' || more.length > 0) {
    throw new Refusal(
      'bad_value',
      'cmp_key',
      `expected two names joined by _, got ${describeValue(fields.value('cmp_key'))}`,
    )
  }
  const input = fields.optionalText('input') ?? ''
  const prompt = fields.text('prompt') + (input === '' ? '' : `\n${input}`)
  const answers = { a: fields.text('response_a'), b: fields.text('response_b') }
  return {
    ...PLAIN_BATTLE,
    ...readLabels(fields),
    models: refuseSame({ a, b }, 'cmp_key'),
    conversation: { system: null, turns: [{ prompt, answers }] },
    votes: ANNOTATORS.filter((name) => fields.has(name)).map((name) => ({
      ...PLAIN_VOTE,
      judge: name,
      outcome: readPandaLmVote(fields, name),
    })),
  }
}

function readPandaLmVote(fields: RecordFields, name: string): VoteFact['outcome'] {
  const outcome = (['tie', 'a', 'b'] as const)[fields.whole(name, 0) ?? -1]
  if (outcome !== undefined) return outcome
  throw new Refusal('bad_winner', name, `expected 0, 1 or 2, got ${describeValue(fields.value(name))}`)
}
