import type { PerSide } from '../../contract/outcome.ts'
import type { ExportedBattle, ExportedTurn } from '../../db/store.ts'

/** A conversation whose every text is known, up to the turn that was judged. */
export interface ConversationText {
  /** Empty when there was none. */
  readonly system: string
  readonly turns: readonly TurnText[]
}

export interface TurnText {
  readonly prompt: string
  readonly answers: PerSide<string>
}

/** Nothing when a text was erased or never known. */
export function findConversation(battle: ExportedBattle, turn: number): ConversationText | undefined {
  const turns = battle.turns.slice(0, turn).map(toTurnText)
  if (battle.isErased || turns.length === 0) return undefined
  return turns.every((text) => text !== undefined) ? { system: battle.system, turns } : undefined
}

function toTurnText({ prompt, answers: { a, b } }: ExportedTurn): TurnText | undefined {
  return prompt === null || a === null || b === null ? undefined : { prompt, answers: { a, b } }
}

/** The same conversation with every text changed in the same way. */
export function mapTexts(conversation: ConversationText, change: (text: string) => string): ConversationText {
  return {
    system: change(conversation.system),
    turns: conversation.turns.map(({ prompt, answers }) => ({
      prompt: change(prompt),
      answers: { a: change(answers.a), b: change(answers.b) },
    })),
  }
}

/** True when both models saw the same before their last answer. */
export function hasSharedHistory({ turns }: ConversationText): boolean {
  return turns.slice(0, -1).every(({ answers }) => answers.a === answers.b)
}

/** True when prompt and answer can be two plain strings. */
export function isPlain({ system, turns }: ConversationText): boolean {
  return system === '' && turns.length === 1
}

export function isBlank(text: string): boolean {
  return text.trim() === ''
}
