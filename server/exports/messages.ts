import type { Side } from '../../contract/outcome.ts'
import type { ConversationText } from './conversation-text.ts'

export type Message = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }

/** What the model was given before its last answer: system prompt, earlier turns as this side had them, last prompt. */
export function promptMessages({ system, turns }: ConversationText, side: Side): Message[] {
  const messages: Message[] = system === '' ? [] : [{ role: 'system', content: system }]
  turns.forEach(({ prompt, answers }, index) => {
    messages.push({ role: 'user', content: prompt })
    if (index < turns.length - 1) messages.push({ role: 'assistant', content: answers[side] })
  })
  return messages
}

export function wholeConversation(conversation: ConversationText, side: Side): Message[] {
  return [...promptMessages(conversation, side), answerMessage(conversation, side)]
}

export function answerMessage(conversation: ConversationText, side: Side): Message {
  return { role: 'assistant', content: lastAnswer(conversation, side) }
}

export function lastAnswer({ turns }: ConversationText, side: Side): string {
  return turns.at(-1)?.answers[side] ?? ''
}

export function lastPrompt({ turns }: ConversationText): string {
  return turns.at(-1)?.prompt ?? ''
}

export function openingPrompt({ turns }: ConversationText): string {
  return turns[0]?.prompt ?? ''
}
