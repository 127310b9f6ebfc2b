import type { CodeRun } from './code-runs.ts'
// oxlint-disable-next-line import/default -- Vite answers this request with the address of the built worker.
import workerUrl from './colour-worker.ts?worker&url'

export interface ColourRequest {
  readonly id: number
  readonly language: string
  readonly code: string
}
export interface ColourAnswer {
  readonly id: number
  readonly runs: readonly CodeRun[]
}

/** A grammar that needs longer for a block has met code that was made for it; the block stays without colours. */
const PATIENCE_MS = 2_000

interface Job extends ColourRequest {
  readonly done: (runs: readonly CodeRun[]) => void
}

const waiting: Job[] = []
let worker: Worker | undefined
let current: Job | undefined
let timer: ReturnType<typeof setTimeout> | undefined
let jobs = 0

/** The colours of a block of code, by and by; none when the language or the browser has none. */
export function colourCode(language: string, code: string): Promise<readonly CodeRun[]> {
  return new Promise((done) => {
    waiting.push({ id: (jobs += 1), language, code, done })
    if (!current) startNext()
  })
}

function startNext(): void {
  current = waiting.shift()
  if (!current) return
  worker ??= openWorker()
  if (!worker) return finish([])
  timer = setTimeout(giveUp, PATIENCE_MS)
  worker.postMessage({ id: current.id, language: current.language, code: current.code } satisfies ColourRequest)
}

function finish(runs: readonly CodeRun[]): void {
  clearTimeout(timer)
  current?.done(runs)
  startNext()
}

function giveUp(): void {
  worker?.terminate()
  worker = undefined
  finish([])
}

function openWorker(): Worker | undefined {
  if (typeof Worker === 'undefined') return undefined
  try {
    const opened = new Worker(trustedUrl(workerUrl), { type: 'module', name: 'ringside-colours' })
    opened.addEventListener('message', ({ data }: MessageEvent<ColourAnswer>) => {
      if (worker === opened && data.id === current?.id) finish(data.runs)
    })
    opened.addEventListener('error', () => worker === opened && giveUp())
    return opened
  } catch {
    // A policy that does not know our worker: code is shown without colours.
    return undefined
  }
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/**
 * The one place where Markdown meets a sink of Trusted Types. The policy lets through the address of our own worker
 * and nothing else; there is no way to make HTML with it.
 */
function trustedUrl(url: string): string {
  const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
  if (!factory) return url
  policy ??= factory.createPolicy('ringside-markdown', {
    createScriptURL(asked) {
      if (asked !== workerUrl) throw new TypeError(`ringside-markdown refuses ${asked}`)
      return asked
    },
  })
  return policy.createScriptURL(url)
}
