import type { PendingBattle, PendingStatus, TurnView } from '../../contract/battle.ts'
import type { BattleId, VoterId } from '../../contract/ids.ts'
import type { ServerFrame } from '../../contract/socket.ts'
import type { Release } from './pacer.ts'

/**
 * What a voter can see of a battle whose answers are being written: the texts as far as they were released. Every change
 * is a frame; `view()` is always what a client has that applied all frames so far.
 */
export class LiveBattle {
  readonly id: BattleId
  readonly arena: string
  readonly voterId: VoterId
  #status: PendingStatus = 'streaming'
  #version = 0
  readonly #earlier: readonly TurnView[]
  #current: TurnView

  constructor(start: {
    id: BattleId
    arena: string
    voterId: VoterId
    earlier: readonly TurnView[]
    turn: number
    generation: number
    prompt: string
  }) {
    this.id = start.id
    this.arena = start.arena
    this.voterId = start.voterId
    this.#earlier = start.earlier
    const { turn, generation, prompt } = start
    this.#current = { turn, generation, prompt, a: { text: '', ended: false }, b: { text: '', ended: false } }
  }

  get current(): TurnView {
    return this.#current
  }

  get earlier(): readonly TurnView[] {
    return this.#earlier
  }

  get status(): PendingStatus {
    return this.#status
  }

  view(): PendingBattle {
    return {
      id: this.id,
      arena: this.arena,
      kind: 'live',
      version: this.#version,
      status: this.#status,
      turns: [...this.#earlier, this.#current],
    }
  }

  append({ text, ended }: Release): ServerFrame {
    const { a, b } = this.#current
    this.#current = {
      ...this.#current,
      a: { text: a.text + text.a, ended: a.ended || ended.includes('a') },
      b: { text: b.text + text.b, ended: b.ended || ended.includes('b') },
    }
    return { type: 'battle-delta', ...this.#next(), a: text.a, b: text.b, ended: [...ended] }
  }

  /** Both answers have ended and are stored. */
  becomeReady(): ServerFrame {
    this.#status = 'ready'
    return { type: 'battle-ready', ...this.#next() }
  }

  /** Could not be compared. The texts so far are kept for the operator and taken from the voter's view. */
  becomeFailed(): ServerFrame {
    this.#status = 'failed'
    this.#current = withoutTexts(this.#current)
    return { type: 'battle-failed', ...this.#next() }
  }

  /** Stopped too early to be judged, or the server is going away: can be asked again. */
  becomeInterrupted(): ServerFrame {
    this.#status = 'interrupted'
    this.#current = withoutTexts(this.#current)
    this.#version += 1
    return { type: 'battle-snapshot', battle: this.view() }
  }

  #next(): { battleId: BattleId; version: number } {
    this.#version += 1
    return { battleId: this.id, version: this.#version }
  }
}

function withoutTexts(turn: TurnView): TurnView {
  return { ...turn, a: { text: '', ended: true }, b: { text: '', ended: true } }
}
