import type { PerSide } from '../../../contract/outcome.ts'
import { field } from '../column-map.ts'
import { joinDialogues, type Dialogue } from '../conversations.ts'
import type { ImportKind } from '../import-kind.ts'
import { PLAIN_BATTLE, PLAIN_VOTE } from '../imported-facts.ts'
import { ownValue } from '../messages.ts'
import { readMoment } from '../moments.ts'
import { toOutcome } from '../outcomes.ts'
import { checkText, toText, type RecordFields } from '../record-fields.ts'
import { describeValue, Refusal } from '../refusal.ts'
import { refuseSame } from './model-pair.ts'
import { LABEL_FIELDS, readLabels } from './told-labels.ts'

/** What the log calls a vote. It holds other things that people did as well. */
const VOTE_TYPE = /^(?:left|right|tie|bothbad)_?vote$/

/** Logs of FastChat's arena: one line for each thing that somebody did, with both conversations as they were then. */
export const fastchatKind: ImportKind = {
  name: 'fastchat',
  hasAddresses: true,
  fields: [field('type'), field('states'), field('models'), field('tstamp'), field('ip'), ...LABEL_FIELDS],
  read: (fields) => {
    const type = fields.text('type')
    if (!VOTE_TYPE.test(type)) return 'not_a_vote'
    const outcome = toOutcome(type)
    if (outcome === undefined)
      throw new Refusal('bad_winner', 'type', `expected a kind of vote, got ${describeValue(type)}`)
    const [a, b] = readStates(fields)
    const models = refuseSame({ a: nameOf(a, 0, fields), b: nameOf(b, 1, fields) }, 'states.1.model_name')
    const sides = withOneSystem(toDialogue(a, 'states.0'), toDialogue(b, 'states.1'))
    const conversation = joinDialogues(sides.a, sides.b, null, 'states.1')
    const at = fields.value('tstamp')
    const vote = {
      ...PLAIN_VOTE,
      outcome,
      at: at === undefined ? null : readMoment(at, 'tstamp'),
      address: fields.optionalText('ip'),
    }
    return [
      { ...PLAIN_BATTLE, ...readLabels(fields), models, conversation, turn: conversation.turns.length, votes: [vote] },
    ]
  },
  claims: (columns) => columns.has('states') && columns.has('type') && columns.has('tstamp'),
}

function readStates(fields: RecordFields): readonly [unknown, unknown] {
  const states = fields.value('states')
  if (Array.isArray(states) && states.length === 2) return [states[0], states[1]]
  throw new Refusal('bad_value', 'states', `expected the states of two models, got ${describeValue(states)}`)
}

/** While people judge blind the log shows no names; the states have them. */
function nameOf(state: unknown, index: 0 | 1, fields: RecordFields): string {
  const told = ownValue(state, 'model_name')
  if (typeof told === 'string' && told !== '') return checkText(told, `states.${index}.model_name`)
  const models = fields.value('models')
  const listed: unknown = Array.isArray(models) ? models[index] : undefined
  const shown =
    typeof listed === 'string'
      ? listed
          .replace(/<[^>]*>|^#+/g, '')
          .replace(/^\s*Model [AB]:?/i, '')
          .trim()
      : ''
  if (shown !== '') return checkText(shown, `models.${index}`)
  throw new Refusal('missing_field', `states.${index}.model_name`, 'expected the name of a model, got nothing')
}

/** Messages are pairs of role and text; those before `offset` are examples that came with the template. */
function toDialogue(state: unknown, name: string): Dialogue {
  const offset = ownValue(state, 'offset') ?? 0
  const messages = ownValue(state, 'messages')
  if (!Array.isArray(messages) || typeof offset !== 'number') {
    throw new Refusal('bad_value', `${name}.messages`, `expected a list of messages, got ${describeValue(messages)}`)
  }
  const said = messages.slice(offset)
  if (said.length === 0 || said.length % 2 === 1) {
    throw new Refusal(
      'role_order',
      `${name}.messages`,
      `expected question and answer by turns, got ${said.length} messages`,
    )
  }
  const texts = said.map((message: unknown) => readText(message, `${name}.messages`))
  const turns = texts.flatMap((prompt, index) => (index % 2 === 0 ? [{ prompt, answer: texts[index + 1] ?? '' }] : []))
  const system = ownValue(state, 'system_message')
  return {
    system: typeof system === 'string' && system !== '' ? checkText(system, `${name}.system_message`) : null,
    turns,
  }
}

/** Each model has the system prompt of its template; what a battle has is one that both were given. */
function withOneSystem(a: Dialogue, b: Dialogue): PerSide<Dialogue> {
  return a.system === b.system ? { a, b } : { a: { ...a, system: null }, b: { ...b, system: null } }
}

/** With pictures the text of a message is a pair of text and picture hashes. */
function readText(message: unknown, name: string): string {
  const value: unknown = Array.isArray(message) ? message[1] : undefined
  if (!Array.isArray(value)) return value === null ? '' : toText(value, name)
  const [text, pictures]: unknown[] = value
  if (Array.isArray(pictures) && pictures.length > 0) {
    throw new Refusal('unsupported_content', name, `expected text, got ${pictures.length} pictures`)
  }
  return toText(text, name)
}
