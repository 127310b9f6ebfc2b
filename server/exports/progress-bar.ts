import type { Writable } from 'node:stream'
import type { Progress } from './export-service.ts'

const WIDTH = 24
const EVERY_MS = 200

/** A line that is drawn over and over while somebody watches; into a file it would be noise. */
export class ProgressBar {
  readonly #stream: Writable & { isTTY?: boolean }
  readonly #now: () => number
  readonly #startedAt: number
  #drawnAt = Number.NEGATIVE_INFINITY
  #isDrawn = false

  constructor(stream: Writable & { isTTY?: boolean }, now: () => number) {
    this.#stream = stream
    this.#now = now
    this.#startedAt = now()
  }

  readonly show = ({ share, units }: Progress): void => {
    const now = this.#now()
    if (this.#stream.isTTY !== true || now - this.#drawnAt < EVERY_MS) return
    this.#drawnAt = now
    this.#isDrawn = true
    const done = Math.min(1, share)
    const bar = '█'.repeat(Math.round(done * WIDTH)).padEnd(WIDTH, '░')
    const perSecond = Math.round(units / Math.max(0.001, (now - this.#startedAt) / 1000))
    this.#stream.write(
      `\r${bar} ${Math.floor(done * 100)} %  ${units.toLocaleString('en-US')} units, ${perSecond.toLocaleString('en-US')}/s\u001b[K`,
    )
  }

  clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\u001b[K')
    this.#isDrawn = false
  }
}
