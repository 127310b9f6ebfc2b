import type { BattleView, PendingBattle, RevealedModel } from '../../contract/battle.ts'
import { BattleId, RequestId, VoteId } from '../../contract/ids.ts'
import type { Outcome } from '../../contract/outcome.ts'
import type { ServerFrame } from '../../contract/socket.ts'

/** Frames as a server sends them, made from as little as a test wants to say. */

export const battleId = (name: string) => BattleId.parse(`battle-${name}`)
export const requestId = (name: string) => RequestId.parse(`request-${name}`)
export const voteId = (name: string) => VoteId.parse(`vote-id-${name}`)

export function pending(name: string, over: Partial<PendingBattle> = {}): PendingBattle {
  return {
    id: battleId(name),
    arena: 'text',
    kind: 'live',
    version: 0,
    status: 'streaming',
    turns: [turn({})],
    ...over,
  }
}

export function turn(over: {
  turn?: number
  generation?: number
  a?: string
  b?: string
  ended?: boolean
  prompt?: string
}) {
  const { ended = false, a = '', b = '', prompt = 'Why is the sky blue?' } = over
  return {
    turn: over.turn ?? 1,
    generation: over.generation ?? 1,
    prompt,
    a: { text: a, ended },
    b: { text: b, ended },
  }
}

export const ready = (name: string, over: Partial<PendingBattle> = {}): PendingBattle =>
  pending(name, { status: 'ready', turns: [turn({ a: 'Scattering.', b: 'Because.', ended: true })], ...over })

export const snapshot = (battle: BattleView, request?: string): ServerFrame => ({
  type: 'battle-snapshot',
  battle,
  ...(request === undefined ? {} : { requestId: RequestId.parse(request) }),
})

export function delta(name: string, version: number, a: string, b: string, ended: ('a' | 'b')[] = []): ServerFrame {
  return { type: 'battle-delta', battleId: battleId(name), version, a, b, ended }
}

export const owl: RevealedModel = {
  name: 'owl',
  organization: 'Forest',
  license: null,
  sample: false,
  rating: 1020,
  margin: 12,
  change: 0.4,
  preliminary: false,
}
export const fox: RevealedModel = { ...owl, name: 'fox', rating: 980, change: -0.4 }

export function recorded(name: string, vote: string, outcome: Outcome, withdrawMs = 60_000): ServerFrame {
  return {
    type: 'vote-recorded',
    battleId: battleId(name),
    vote: { voteId: VoteId.parse(vote), turn: 1, outcome, counted: true, mark: null, withdrawMs },
    reveal: { a: owl, b: fox },
  }
}
