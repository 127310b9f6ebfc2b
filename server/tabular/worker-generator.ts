import type { Worker } from 'node:worker_threads'
import { BrokenFileError, CutOffError } from './read-fault.ts'

/** What a worker answers to each request. */
export type WorkerAnswer<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'end' }
  | { readonly kind: 'cut' | 'broken'; readonly message: string }

/** Longer than this for one answer, and a file has found a way to keep a decoder busy for ever. */
const PATIENCE_MS = 120_000

/** A decoder that asks for more than this is not reading text. It is looked at while an answer is awaited. */
const MAX_GROWTH_BYTES = 2 * 1024 * 1024 * 1024
const LOOK_MS = 50

/**
 * Draws values from a generator that runs in a worker. Decoders of binary formats believe much of what a file says; in
 * a thread of their own they can run out of memory or time, and nothing else is touched.
 */
export class WorkerGenerator<T> {
  readonly #worker: Worker
  readonly #ended: Promise<WorkerAnswer<T>>
  readonly #patienceMs: number

  constructor(worker: Worker, patienceMs = PATIENCE_MS) {
    this.#worker = worker
    this.#patienceMs = patienceMs
    this.#ended = new Promise((resolve) => {
      worker.once('error', (error) => resolve({ kind: 'broken', message: describeFailure(error) }))
      worker.once('exit', () =>
        resolve({ kind: 'broken', message: 'expected a readable file, got one that ends the reader' }),
      )
    })
  }

  /** @returns undefined at the end */
  async next(request: unknown): Promise<T | undefined> {
    const watch = watchOver(this.#patienceMs)
    const answered = new Promise<WorkerAnswer<T>>((resolve) => this.#worker.once('message', resolve))
    this.#worker.postMessage(request)
    const answer = await Promise.race([answered, this.#ended, watch.exceeded])
    watch.stop()
    if (answer.kind === 'value') return answer.value
    if (answer.kind === 'end') return undefined
    throw answer.kind === 'cut' ? new CutOffError(answer.message) : new BrokenFileError(answer.message)
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}

/** Resolves when time or memory run out. */
function watchOver(patienceMs: number): { exceeded: Promise<{ kind: 'broken'; message: string }>; stop: () => void } {
  const [startMs, startBytes] = [performance.now(), process.memoryUsage.rss()]
  let timer: NodeJS.Timeout | undefined
  const exceeded = new Promise<{ kind: 'broken'; message: string }>((resolve) => {
    timer = setInterval(() => {
      if (performance.now() - startMs > patienceMs) {
        resolve({ kind: 'broken', message: 'expected a file that can be decoded, got one that keeps the decoder busy' })
      } else if (process.memoryUsage.rss() - startBytes > MAX_GROWTH_BYTES)
        resolve({ kind: 'broken', message: TOO_LARGE })
    }, LOOK_MS)
  })
  return { exceeded, stop: () => clearInterval(timer) }
}

const TOO_LARGE = 'expected a file that fits into memory piece by piece, got one that does not'

function describeFailure(error: unknown): string {
  const isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  if (isMemory) return TOO_LARGE
  return `expected a readable file, got one that fails the reader (${error instanceof Error ? error.message : String(error)})`
}
