import { splitSystem } from '../conversations.ts'
import type { PromptText } from '../imported-facts.ts'
import { readMessages, type Message } from '../messages.ts'
import type { ReadingContext } from '../import-kind.ts'
import { checkText, toText, type RecordFields } from '../record-fields.ts'
import { Refusal } from '../refusal.ts'

/** A prompt: a text, or messages of which the last is the user's. With a system prompt of its own or beside it. */
export function readPrompt(fields: RecordFields, context: ReadingContext): PromptText {
  const ownId = context.isChosen('id') ? fields.optionalText('id') : null
  const value = fields.value('prompt')
  const isList = Array.isArray(value)
  const beside = fields.optionalText('system')
  if (!isList && value !== undefined) {
    return { text: refuseBlank(toText(value, 'prompt')), system: beside, context: [], ownId }
  }
  const name = isList ? 'prompt' : 'messages'
  if (!isList && !fields.has('messages')) {
    throw new Refusal('missing_field', 'prompt', 'expected a text or messages, got nothing')
  }
  const { system, rest } = splitSystem(readMessages(fields.value(name), name))
  return { ...splitLast(rest, name), system: system ?? beside, ownId }
}

/** The last message of the user, and what was said before it. */
export function splitLast(messages: readonly Message[], field: string): Pick<PromptText, 'text' | 'context'> {
  const last = messages.at(-1)
  const isOrdered = messages.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'))
  if (last?.role !== 'user' || !isOrdered) {
    throw new Refusal('role_order', field, 'expected user and assistant by turns, user last')
  }
  return { text: refuseBlank(checkText(last.content, field), field), context: messages.slice(0, -1) }
}

function refuseBlank(text: string, field = 'prompt'): string {
  if (text.trim() !== '') return text
  throw new Refusal('empty_prompt', field, 'expected a prompt, got an empty text')
}
