import { checkText, toText } from './record-fields.ts'
import { describeValue, Refusal } from './refusal.ts'

export type Role = 'system' | 'user' | 'assistant'

export interface Message {
  readonly role: Role
  readonly content: string
}

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['system', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['model', 'assistant'],
])

/** A list of messages, as it stands or as JSON in a cell. Nothing is said yet about their order. */
export function readMessages(value: unknown, field: string): Message[] {
  const list = typeof value === 'string' ? parseList(value, field) : value
  if (!Array.isArray(list)) {
    throw new Refusal('bad_value', field, `expected a list of messages, got ${describeValue(list)}`)
  }
  return list.map((message: unknown) => readMessage(message, field))
}

function parseList(text: string, field: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('bad_value', field, `expected a list of messages as JSON, got ${describeValue(text)}`)
  }
}

/** One message in the layout of OpenAI, or of ShareGPT (`from`, `value`). */
export function readMessage(value: unknown, field: string): Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('bad_value', field, `expected a message, got ${describeValue(value)}`)
  }
  const told = ownValue(value, 'role') ?? ownValue(value, 'from')
  const role = typeof told === 'string' ? ROLES.get(told) : undefined
  if (role === undefined) {
    throw new Refusal('role_order', field, `expected the role system, user or assistant, got ${describeValue(told)}`)
  }
  const content = Object.hasOwn(value, 'content') ? ownValue(value, 'content') : ownValue(value, 'value')
  return { role, content: readContent(content, field) }
}

/** A field of an object from outside; nothing that it inherits is one. */
export function ownValue(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

/** A text, or a list of parts of which all are texts. What an answer does not say is an empty text. */
function readContent(content: unknown, field: string): string {
  if (content === null || content === undefined) return ''
  if (Array.isArray(content)) return content.map((part: unknown) => readPart(part, field)).join('\n')
  return toText(content, field)
}

function readPart(part: unknown, field: string): string {
  if (typeof part === 'string') return checkText(part, field)
  const [type, text] = [ownValue(part, 'type'), ownValue(part, 'text')]
  const isText = (type === 'text' || type === undefined || type === null) && typeof text === 'string'
  const hasImage = [ownValue(part, 'image'), ownValue(part, 'image_url')].some((image) => (image ?? null) !== null)
  if (isText && !hasImage) return checkText(text, field)
  throw new Refusal('unsupported_content', field, `expected text, got ${describeValue(type ?? part)}`)
}
