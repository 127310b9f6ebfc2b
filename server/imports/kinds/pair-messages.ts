import { ownValue, readMessage, readMessages, type Message } from '../messages.ts'
import { checkText, toText, type RecordFields } from '../record-fields.ts'
import { describeValue, Refusal } from '../refusal.ts'

/** Two whole conversations, of which the first was preferred. */
export interface PairMessages {
  readonly chosen: readonly Message[]
  readonly rejected: readonly Message[]
}

const user = (content: string): Message => ({ role: 'user', content })
const assistant = (content: string): Message => ({ role: 'assistant', content })

/** Finds the pair in whichever layout the record has; trainers agree on hardly more than the words chosen and rejected. */
export function readPairMessages(fields: RecordFields): PairMessages {
  if (fields.has('preferred_output')) return readPreferredOutput(fields)
  if (fields.has('rejected_response') && !fields.has('chosen_response')) return readAnsweredMessages(fields)
  const chosen = readAnswer(fields, fields.has('chosen') ? 'chosen' : 'chosen_response')
  const rejected = readAnswer(fields, fields.has('rejected') ? 'rejected' : 'rejected_response')
  const isTranscript = typeof chosen === 'string' && typeof rejected === 'string' && !hasPrompt(fields)
  if (isTranscript) return splitTranscripts(chosen, rejected)
  const prompt = readPromptMessages(fields)
  return { chosen: joinAnswer(prompt, chosen), rejected: joinAnswer(prompt, rejected) }
}

/** OpenAI: the context under `input`, each answer a list with one message. */
function readPreferredOutput(fields: RecordFields): PairMessages {
  const context = readMessages(ownValue(fields.value('input'), 'messages'), 'input.messages')
  const answers = (name: string) => [...context, ...readMessages(fields.value(name), name)]
  return { chosen: answers('preferred_output'), rejected: answers('non_preferred_output') }
}

/** ms-swift: messages that end with the good answer, and the other answer beside them. */
function readAnsweredMessages(fields: RecordFields): PairMessages {
  const chosen = withSystem(fields, readMessages(fields.value('messages'), 'messages'))
  const rejected = fields.value('rejected_response')
  return { chosen, rejected: [...chosen.slice(0, -1), assistant(toText(rejected, 'rejected_response'))] }
}

type Answer = string | readonly Message[]

/** A text, a message, or a list of messages. */
function readAnswer(fields: RecordFields, name: string): Answer {
  const value = parseCell(fields.value(name))
  if (value === undefined) throw new Refusal('missing_field', name, 'expected an answer, got nothing')
  if (Array.isArray(value)) return readMessages(value, name)
  return typeof value === 'object' && value !== null ? [readMessage(value, name)] : toText(value, name)
}

/** Lists and objects in a table are JSON; a text that only begins like one is a text. */
function parseCell(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]\s*[[{"]/.test(value)) return value
  try {
    const parsed: unknown = JSON.parse(value)
    const isMessages = Array.isArray(parsed) && parsed.every((one) => ownValue(one, 'role') !== undefined)
    return isMessages ? parsed : value
  } catch {
    return value
  }
}

/** An answer that begins with the user's words, or a system prompt, is a whole conversation already. */
function joinAnswer(prompt: readonly Message[], answer: Answer): readonly Message[] {
  if (typeof answer === 'string') return [...prompt, assistant(answer)]
  return answer[0]?.role === 'assistant' ? [...prompt, ...answer] : answer
}

const PROMPT_FIELDS = ['prompt', 'question', 'instruction', 'messages', 'conversations', 'input', 'context']

function hasPrompt(fields: RecordFields): boolean {
  return PROMPT_FIELDS.some((name) => fields.has(name))
}

/** What both answers answer. */
function readPromptMessages(fields: RecordFields): readonly Message[] {
  const value = parseCell(
    fields.value('prompt') ?? fields.value('conversations') ?? fields.value('messages') ?? fields.value('context'),
  )
  if (Array.isArray(value)) return withSystem(fields, readMessages(value, 'prompt'))
  const history = readHistory(fields.value('history'))
  const parts = [value ?? fields.value('question') ?? fields.value('instruction'), fields.value('input')]
  const texts = parts.filter((part) => part !== undefined).map((part) => toText(part, 'prompt'))
  const words = texts.filter((text) => text !== '').join('\n')
  return withSystem(fields, texts.length === 0 ? [] : [...history, user(words)])
}

/** LLaMA-Factory: earlier turns as pairs of texts. */
function readHistory(value: unknown): Message[] {
  if (value === undefined) return []
  const list = parseHistory(value)
  if (!Array.isArray(list))
    throw new Refusal('bad_value', 'history', `expected a list of pairs, got ${describeValue(list)}`)
  return list.flatMap((turn: unknown) => {
    if (!Array.isArray(turn) || turn.length !== 2) {
      throw new Refusal('bad_value', 'history', `expected pairs of texts, got ${describeValue(turn)}`)
    }
    return [user(toText(turn[0], 'history')), assistant(toText(turn[1], 'history'))]
  })
}

function parseHistory(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function withSystem(fields: RecordFields, messages: readonly Message[]): readonly Message[] {
  const system = fields.optionalText('system')
  const isNeeded = system !== null && system !== '' && messages[0]?.role !== 'system'
  return isNeeded ? [{ role: 'system', content: system }, ...messages] : messages
}

const MARK = /\n\n(Human|Assistant): ?/g

/**
 * Two transcripts, split at the last mark of the assistant that they share; without marks, two texts that begin with the
 * same prompt, which ends at their last common empty line.
 */
function splitTranscripts(chosen: string, rejected: string): PairMessages {
  const common = commonLength(chosen, rejected)
  const marks = [...chosen.matchAll(MARK)].filter(({ index, 0: mark }) => index + mark.length <= common)
  const split = marks.findLast(([, who]) => who === 'Assistant')
  if (split) {
    const prompt = readTranscript(chosen.slice(0, split.index))
    const from = split.index + split[0].length
    return {
      chosen: [...prompt, assistant(checkText(chosen.slice(from), 'chosen'))],
      rejected: [...prompt, assistant(checkText(rejected.slice(from), 'rejected'))],
    }
  }
  const end = chosen.lastIndexOf('\n\n', common - 2)
  const prompt = end < 0 ? '' : chosen.slice(0, end)
  const answer = (text: string) => [user(prompt), assistant(end < 0 ? text : text.slice(end + 2))]
  return { chosen: answer(chosen), rejected: answer(rejected) }
}

function commonLength(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let at = 0; at < length; at += 1) if (one.charCodeAt(at) !== other.charCodeAt(at)) return at
  return length
}

function readTranscript(text: string): Message[] {
  const marks = [...text.matchAll(MARK)]
  return marks.map(({ index, 0: mark, 1: who }, at) => {
    const said = text.slice(index + mark.length, marks[at + 1]?.index ?? text.length)
    return who === 'Human' ? user(said) : assistant(said)
  })
}
