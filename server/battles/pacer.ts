import { SIDES, type PerSide, type Side } from '../../contract/outcome.ts'
import { takeGraphemes } from './graphemes.ts'

/** How fast the rest of the longer answer may come, in characters a millisecond; about as fast as models write. */
const TAIL_PER_MS = { least: 0.03, usual: 0.2, most: 0.5 }
/** A time together shorter than this is no measure of pace. */
const MEASURED_MS = 1_000

export interface Release {
  readonly text: PerSide<string>
  /** Sides whose last character is in this release. */
  readonly ended: readonly Side[]
}

interface Waiting {
  /** Pieces that have not been released, each with the time of its arrival. */
  readonly pieces: { text: string; graphemes: number; arrivedMs: number }[]
  graphemes: number
  complete: boolean
  ended: boolean
}

/**
 * Releases two answers so that pace tells nothing about who writes them: both start together and go on equally long,
 * character by character, at the pace of the slower one; when the shorter answer has ended, the rest of the longer one
 * keeps the pace both had, within limits, never in a burst. While both last no character waits longer than `holdMs` after
 * it arrived, which bounds what a slow model can cost; beyond that bound pace begins to show.
 *
 * Knows no clock and no timer: it is told the time, in milliseconds that only grow.
 */
export class Pacer {
  readonly #holdMs: number
  readonly #sides: PerSide<Waiting> = { a: newWaiting(), b: newWaiting() }
  /** While both last: since when, until when, and how many characters each has been given. */
  readonly #together = { sinceMs: 0, untilMs: 0, graphemes: 0 }
  #tail: { atMs: number; perMs: number; due: number } | undefined

  constructor({ holdMs }: { holdMs: number }) {
    this.#holdMs = holdMs
  }

  push(side: Side, text: string, nowMs: number): void {
    const { graphemes } = takeGraphemes(text, Number.POSITIVE_INFINITY)
    const waiting = this.#sides[side]
    waiting.pieces.push({ text, graphemes, arrivedMs: nowMs })
    waiting.graphemes += graphemes
  }

  /** Says that no more text comes on this side. */
  complete(side: Side): void {
    this.#sides[side].complete = true
  }

  get done(): boolean {
    return this.#sides.a.ended && this.#sides.b.ended
  }

  /** What may be shown at this moment; undefined when there is nothing new. */
  release(nowMs: number): Release | undefined {
    const { a, b } = this.#sides
    const together = !a.ended && !b.ended
    const share = together ? this.#shareTogether(nowMs) : this.#shareOfTail(nowMs)
    const text = {
      a: this.#take(a, together ? Math.max(share, this.#overdue(a, nowMs)) : share),
      b: this.#take(b, together ? Math.max(share, this.#overdue(b, nowMs)) : share),
    }
    const ended = SIDES.filter((side) => this.#endIfEmpty(this.#sides[side]))
    if (together && ended.length === 1) this.#startTail(nowMs)
    return text.a === '' && text.b === '' && ended.length === 0 ? undefined : { text, ended }
  }

  /** While both last: as much as the slower side has, and nothing before both have begun. */
  #shareTogether(nowMs: number): number {
    const { a, b } = this.#sides
    const share = Math.min(a.graphemes, b.graphemes)
    if (share > 0) {
      if (this.#together.graphemes === 0) this.#together.sinceMs = nowMs
      this.#together.untilMs = nowMs
      this.#together.graphemes += share
    }
    return share
  }

  /** Afterwards: a steady pace, so that a buffer which was full long ago does not burst out. */
  #shareOfTail(nowMs: number): number {
    const tail = this.#tail
    if (!tail) return Number.POSITIVE_INFINITY
    const isLate = SIDES.some((side) => this.#overdue(this.#sides[side], nowMs) > 0)
    const most = Math.max(this.#sides.a.graphemes, this.#sides.b.graphemes)
    // What could have been given while nothing was there does not add up to a burst.
    tail.due = Math.min(tail.due + (nowMs - tail.atMs) * (isLate ? TAIL_PER_MS.most : tail.perMs), most)
    tail.atMs = nowMs
    const share = Math.floor(tail.due)
    tail.due -= share
    return share
  }

  /** Too short a time together says nothing: then the tail has a pace of its own, the same whoever writes it. */
  #startTail(nowMs: number): void {
    const { sinceMs, untilMs, graphemes } = this.#together
    const pace = untilMs - sinceMs < MEASURED_MS ? TAIL_PER_MS.usual : graphemes / (untilMs - sinceMs)
    const perMs = Math.min(TAIL_PER_MS.most, Math.max(TAIL_PER_MS.least, pace))
    this.#tail = { atMs: nowMs, perMs, due: 0 }
  }

  #overdue(waiting: Waiting, nowMs: number): number {
    let graphemes = 0
    for (const piece of waiting.pieces) {
      if (nowMs - piece.arrivedMs < this.#holdMs) break
      graphemes += piece.graphemes
    }
    return graphemes
  }

  #take(waiting: Waiting, graphemes: number): string {
    let taken = ''
    let left = Math.min(graphemes, waiting.graphemes)
    waiting.graphemes -= left
    while (left > 0) {
      const piece = waiting.pieces[0]
      if (!piece) break
      if (piece.graphemes <= left) {
        waiting.pieces.shift()
        taken += piece.text
        left -= piece.graphemes
        continue
      }
      const cut = takeGraphemes(piece.text, left)
      taken += cut.taken
      piece.text = cut.rest
      piece.graphemes -= cut.graphemes
      left -= cut.graphemes
    }
    return taken
  }

  #endIfEmpty(waiting: Waiting): boolean {
    if (waiting.ended || !waiting.complete || waiting.graphemes > 0) return false
    waiting.ended = true
    return true
  }
}

function newWaiting(): Waiting {
  return { pieces: [], graphemes: 0, complete: false, ended: false }
}
