/** Hands events from callbacks to one `for await` loop, in order; what was pushed before a failure is still delivered. */
export interface EventQueue<T extends object> extends AsyncIterator<T, undefined> {
  push(event: T): void
  end(): void
  fail(error: Error): void
}

export interface EventQueueOptions {
  /** The reader has fallen behind by `highWater` events; `onDrained` follows when it has caught up. */
  readonly onFull: () => void
  readonly onDrained: () => void
  /** The reader left the loop before the end. */
  readonly onLeft: () => void
  readonly highWater?: number
}

const DONE = { done: true, value: undefined } as const

export function createEventQueue<T extends object>({
  onFull,
  onDrained,
  onLeft,
  highWater = 256,
}: EventQueueOptions): EventQueue<T> {
  let waiting: { resolve: (result: IteratorResult<T, undefined>) => void; reject: (error: Error) => void } | undefined
  let events: T[] = []
  let next = 0
  let isFull = false
  let closed: { error: Error | undefined } | undefined

  const take = (): IteratorResult<T, undefined> | undefined => {
    const event = events[next]
    if (event === undefined) return undefined
    next += 1
    if (next < events.length) return { done: false, value: event }
    // Emptied: also what was read long ago is let go here. A full queue gets no more events until then.
    events = []
    next = 0
    if (isFull) {
      isFull = false
      onDrained()
    }
    return { done: false, value: event }
  }

  const close = (error?: Error): void => {
    if (closed) return
    closed = { error }
    if (!waiting) return
    if (error) waiting.reject(error)
    else waiting.resolve(DONE)
    waiting = undefined
  }

  return {
    push: (event) => {
      if (closed) return
      if (waiting) {
        waiting.resolve({ done: false, value: event })
        waiting = undefined
        return
      }
      events.push(event)
      if (!isFull && events.length - next >= highWater) {
        isFull = true
        onFull()
      }
    },
    end: () => close(),
    fail: close,
    next: () => {
      const result = take()
      if (result) return Promise.resolve(result)
      if (closed?.error) return Promise.reject(closed.error)
      if (closed) return Promise.resolve(DONE)
      return new Promise((resolve, reject) => (waiting = { resolve, reject }))
    },
    return: async () => {
      close()
      events = []
      next = 0
      onLeft()
      return DONE
    },
  }
}
