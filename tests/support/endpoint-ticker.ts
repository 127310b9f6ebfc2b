/** Sends items at a pace. One interval serves every stream, so that hundreds of streams cost no timer per token. */
export interface Ticker {
  /** Resolves when all items were sent or the client has gone. */
  run(stream: PacedStream): Promise<void>
  close(): void
}

export interface PacedStream {
  readonly count: number
  readonly perSecond: number
  readonly send: (index: number) => void
  /** True while the client reads too slowly; sending waits then. */
  readonly isFull: () => boolean
  readonly gone: AbortSignal
}

interface Running {
  readonly stream: PacedStream
  readonly startedAt: number
  sent: number
  finish: () => void
}

const TICK_MS = 4

export function createTicker(): Ticker {
  const running = new Set<Running>()
  let interval: NodeJS.Timeout | undefined

  const tick = (): void => {
    const now = performance.now()
    for (const each of running) advance(each, now)
    if (running.size === 0) stop()
  }
  const stop = (): void => {
    clearInterval(interval)
    interval = undefined
  }

  return {
    run: async (stream) => {
      await new Promise<void>((resolve) => {
        const each: Running = { stream, startedAt: performance.now(), sent: 0, finish: () => {} }
        each.finish = () => {
          running.delete(each)
          resolve()
        }
        running.add(each)
        advance(each, performance.now())
        if (running.size > 0) interval ??= setInterval(tick, TICK_MS)
      })
    },
    close: () => {
      stop()
      for (const each of running) each.finish()
    },
  }
}

function advance(each: Running, now: number): void {
  const { stream } = each
  const due = Math.min(stream.count, 1 + Math.floor(((now - each.startedAt) / 1000) * stream.perSecond))
  // Infinity × 0 is NaN on the first call of an unpaced stream: everything is due then.
  const target = Number.isNaN(due) ? stream.count : due
  while (each.sent < target && !stream.gone.aborted && !stream.isFull()) {
    stream.send(each.sent)
    each.sent += 1
  }
  if (each.sent >= stream.count || stream.gone.aborted) each.finish()
}
