import type { PerSide } from '../../contract/outcome.ts'
import type { Message } from './messages.ts'
import { Refusal } from './refusal.ts'

/** What two models were asked and answered. */
export interface Conversation {
  /** Said before the first turn; null when nothing was. */
  readonly system: string | null
  /** At least one. */
  readonly turns: readonly ConversationTurn[]
}

export interface ConversationTurn {
  readonly prompt: string
  readonly answers: PerSide<string>
}

/** One side of a conversation. */
export interface Dialogue {
  readonly system: string | null
  readonly turns: readonly { readonly prompt: string; readonly answer: string }[]
}

/** Messages as turns: a system message first if there is one, then user and assistant by turns, assistant last. */
export function toDialogue(messages: readonly Message[], field: string): Dialogue {
  const { system, rest } = splitSystem(messages)
  if (rest.length === 0 || rest.length % 2 === 1) {
    throw new Refusal(
      'role_order',
      field,
      `expected user and assistant by turns, assistant last, got ${rolesOf(messages)}`,
    )
  }
  const turns: { prompt: string; answer: string }[] = []
  for (let index = 0; index < rest.length; index += 2) {
    const [asked, answered] = [rest[index], rest[index + 1]]
    if (asked?.role !== 'user' || answered?.role !== 'assistant') {
      throw new Refusal('role_order', field, `expected user and assistant by turns, got ${rolesOf(messages)}`)
    }
    turns.push({ prompt: asked.content, answer: answered.content })
  }
  return { system, turns }
}

export function splitSystem(messages: readonly Message[]): { system: string | null; rest: readonly Message[] } {
  const [first, ...others] = messages
  return first?.role === 'system' ? { system: first.content, rest: others } : { system: null, rest: messages }
}

function rolesOf(messages: readonly Message[]): string {
  if (messages.length === 0) return 'no messages'
  const shown = messages.slice(0, 8).map(({ role }) => role)
  return `${shown.join(', ')}${messages.length > shown.length ? ', …' : ''}`
}

/** Puts two sides together. Both must have been asked the same; `turns` cuts what was said after the judgement. */
export function joinDialogues(a: Dialogue, b: Dialogue, turns: number | null, field: string): Conversation {
  const [ofA, ofB] = [a, b].map((side) => (turns === null ? side.turns : side.turns.slice(0, turns)))
  if (!ofA || !ofB || ofA.length !== ofB.length) {
    throw new Refusal('bad_value', field, `expected ${ofA?.length ?? 0} turns as on side A, got ${ofB?.length ?? 0}`)
  }
  if (a.system !== b.system) {
    throw new Refusal('bad_value', field, 'expected the system prompt of side A, got another one')
  }
  return {
    system: a.system,
    turns: ofA.map(({ prompt, answer }, index) => {
      const other = ofB[index]
      if (other?.prompt !== prompt) {
        throw new Refusal('bad_value', field, `expected in turn ${index + 1} the prompt of side A, got another one`)
      }
      return { prompt, answers: { a: answer, b: other.answer } }
    }),
  }
}

/** One side of a conversation as messages: the form in which conversations are compared and hashed. */
export function toMessages({ system, turns }: Conversation, side: 'a' | 'b'): Message[] {
  const messages: Message[] = system === null ? [] : [{ role: 'system', content: system }]
  for (const { prompt, answers } of turns) {
    messages.push({ role: 'user', content: prompt }, { role: 'assistant', content: answers[side] })
  }
  return messages
}
