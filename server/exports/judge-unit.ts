import { findConversation, hasSharedHistory, isBlank, mapTexts, type ConversationText } from './conversation-text.ts'
import type { ExportQuery } from './export-query.ts'
import type { JudgedUnit, UnitFormat } from './formats/unit-format.ts'
import { mask, type MaskedCounts } from './masking/mask.ts'
import type { DropReason } from './reasons.ts'
import { normalise } from './row-key.ts'
import type { Unit } from './unit.ts'

/** Rounding: two votes of three are 0.6666… and not less than 2/3 written with any number of digits. */
const ROUNDING = 1e-9

export type Judgement =
  | { readonly kind: 'judged'; readonly judged: JudgedUnit; readonly masked: MaskedCounts }
  | { readonly kind: 'dropped'; readonly reason: DropReason }

/** What a format asks of a unit before it can become rows. */
export interface Demands extends Pick<UnitFormat, 'needsSharedHistory' | 'fits'> {
  /** Lists take every vote as points, so no unit needs a winner. */
  readonly needsOutcome: boolean
}

/** Says whether a unit can become rows, or the first reason in the fixed order why it cannot. */
export function judgeUnit(unit: Unit, query: ExportQuery, demands: Demands): Judgement {
  const conversation = findConversation(unit.battle, unit.turn)
  if (conversation === undefined) return dropped(unit.battle.isErased ? 'erased' : 'unanswered')
  const reason = unit.uncounted ?? findEmpty(conversation) ?? findVerdictFault(unit, query, demands)
  if (reason !== undefined) return dropped(reason)
  const masked: MaskedCounts = {}
  const text = query.maskPii ? maskConversation(conversation, masked) : conversation
  const textReason = findTextFault(text, query, demands)
  if (textReason !== undefined) return dropped(textReason)
  return { kind: 'judged', judged: { unit, conversation: text }, masked }
}

/** Masked before texts are compared: what is equal in the file counts as equal. */
export function maskConversation(conversation: ConversationText, counts: MaskedCounts): ConversationText {
  return mapTexts(conversation, (text) => mask(text, counts))
}

function dropped(reason: DropReason): Judgement {
  return { kind: 'dropped', reason }
}

function findEmpty({ turns }: ConversationText): DropReason | undefined {
  if (turns.some(({ prompt }) => isBlank(prompt))) return 'empty_prompt'
  if (turns.some(({ answers }) => isBlank(answers.a) || isBlank(answers.b))) return 'empty_answer'
  return undefined
}

function findVerdictFault(unit: Unit, query: ExportQuery, { needsOutcome }: Demands): DropReason | undefined {
  if (unit.votes.length < query.minVotes) return 'few_votes'
  if (needsOutcome && unit.outcome === null) return 'no_majority'
  if (unit.agreement < query.minAgreement - ROUNDING) return 'low_agreement'
  if (needsOutcome && unit.outcome === 'tie' && query.ties === 'drop') return 'tie'
  if (unit.outcome === 'both_bad' && query.bothBad === 'drop') return 'both_bad'
  return undefined
}

function findTextFault(conversation: ConversationText, query: ExportQuery, demands: Demands): DropReason | undefined {
  if (conversation.turns.every(({ answers: { a, b } }) => a === b || normalise(a) === normalise(b))) return 'same_text'
  if (demands.needsSharedHistory && !hasSharedHistory(conversation)) return 'diverged'
  if (!demands.fits(conversation, query)) return 'not_plain'
  return undefined
}
