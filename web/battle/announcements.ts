import type { Reveal } from '../../contract/battle.ts'
import type { Outcome, Side } from '../../contract/outcome.ts'
import { SIDES } from '../../contract/outcome.ts'
import { type BattleState, lastTurn, phaseOf } from './battle-state.ts'

/** What a screen reader is told. An answer is told of once, when it ends, and never token by token. */
export type Announcement =
  | { readonly kind: 'answer-ended'; readonly side: Side }
  | { readonly kind: 'voting-open' }
  | { readonly kind: 'failed' | 'interrupted' | 'vote-kept' | 'withdrawn' }
  | { readonly kind: 'revealed'; readonly outcome: Outcome; readonly reveal: Reveal }

/** The news between two states, in the order in which they are read out. */
export function announcementsBetween(before: BattleState, after: BattleState, online: boolean): Announcement[] {
  if (before === after) return []
  const phase = phaseOf(after)
  const news: Announcement[] = endedBetween(before, after).map((side) => ({ kind: 'answer-ended', side }))
  if (phase === phaseOf(before) && before.battle?.id === after.battle?.id) return news
  switch (phase) {
    case 'ready':
      return [...news, { kind: 'voting-open' }]
    case 'failed':
    case 'interrupted':
    case 'withdrawn':
      return [{ kind: phase }]
    case 'voting':
      return online ? [] : [{ kind: 'vote-kept' }]
    case 'revealed': {
      const { battle } = after
      if (battle?.status !== 'revealed' || !battle.vote) return []
      return [{ kind: 'revealed', outcome: battle.vote.outcome, reveal: battle.reveal }]
    }
    default:
      return news
  }
}

/** Sides whose answer was under way before and has ended now. A battle that appears whole announces only the vote. */
function endedBetween(before: BattleState, after: BattleState): Side[] {
  const { battle: old } = before
  const { battle } = after
  if (!old || !battle || old.id !== battle.id || old.status !== 'streaming') return []
  if (battle.status !== 'streaming' && battle.status !== 'ready') return []
  const [was, is] = [lastTurn(old), lastTurn(battle)]
  if (!was || !is || was.turn !== is.turn || was.generation !== is.generation) return []
  return SIDES.filter((side) => is[side].ended && !was[side].ended)
}
