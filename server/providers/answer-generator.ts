import { setTimeout as sleepFor } from 'node:timers/promises'
import type { ModelId } from '../../contract/ids.ts'
import type { ModelEndpoint } from '../../db/store.ts'
import { isVisible } from './answer-text.ts'
import type { ModelHealth } from './model-health.ts'
import { ProviderFailure, type ChatMessage, type Provider } from './provider.ts'
import { DEFAULT_RETRY_LIMITS, pickRetryWait, type RetryLimits } from './retry-wait.ts'

export interface AnswerGeneratorNeeds {
  readonly provider: Provider
  readonly health: ModelHealth
  readonly clock: { monotonicMs(): number }
  readonly random: () => number
  readonly limits?: Partial<RetryLimits>
  /** Waits; resolves early when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface GeneratorRequest {
  /** The next model to ask; undefined when nobody is left. */
  readonly draw: () => DrawnModel | undefined
  /** The conversation without a system prompt: each model may have its own. */
  readonly messages: readonly ChatMessage[]
  /** Text of the answer, from its first visible character on. What was given out stays. */
  readonly onText: (text: string) => void
  /** Thinking, as it comes. It may be that of a model that is given up later. */
  readonly onReasoning?: (text: string) => void
  /** A draw was given up before its first token. */
  readonly onAbandoned: (draw: { modelId: ModelId; reason: string; attempts: number }) => void
  /** Ends the answer where it is. */
  readonly signal: AbortSignal
}

export interface DrawnModel {
  readonly id: ModelId
  readonly endpoint: ModelEndpoint | null
}

export interface GeneratedText {
  readonly kind: 'answered' | 'stopped' | 'failed'
  /** Who was asked last; null when nobody could be. */
  readonly modelId: ModelId | null
  readonly text: string
  readonly reasoning: string
  readonly finish: 'stop' | 'length' | 'stopped' | 'failed'
  /** For the operator; null unless failed. Never holds a key. */
  readonly reason: string | null
  readonly promptTokens: number | null
  readonly completionTokens: number | null
  /** Both from the moment at which the last attempt was made. */
  readonly firstTokenMs: number | null
  readonly totalMs: number
}

export type AnswerGenerator = (request: GeneratorRequest) => Promise<GeneratedText>

/**
 * Gets one answer for one side of a battle. Until the first visible character nobody has seen anything: so far a failed
 * attempt is repeated where that may help, and then another model is drawn. After it a failure is final.
 */
export function createAnswerGenerator(needs: AnswerGeneratorNeeds): AnswerGenerator {
  const limits = { ...DEFAULT_RETRY_LIMITS, ...needs.limits }
  return async (request) => await new Generation(request, { sleep: waitFor, ...needs }, limits).run()
}

/** What came of one attempt; a failure after the first token is an outcome, one before it may be mended. */
interface Attempt {
  readonly text: string
  readonly reasoning: string
  readonly firstTokenMs: number | null
  readonly totalMs: number
  readonly end:
    | { finish: 'stop' | 'length'; promptTokens: number | null; completionTokens: number | null }
    | ProviderFailure
}

const NOTHING: Attempt = {
  text: '',
  reasoning: '',
  firstTokenMs: null,
  totalMs: 0,
  end: new ProviderFailure('unsupported', 'nobody was left to ask', { retryable: false }),
}

class Generation {
  readonly #request: GeneratorRequest
  readonly #needs: Required<Omit<AnswerGeneratorNeeds, 'limits'>>
  readonly #limits: RetryLimits
  readonly #startedAt: number

  constructor(request: GeneratorRequest, needs: Required<Omit<AnswerGeneratorNeeds, 'limits'>>, limits: RetryLimits) {
    this.#request = request
    this.#needs = needs
    this.#limits = limits
    this.#startedAt = needs.clock.monotonicMs()
  }

  async run(): Promise<GeneratedText> {
    let last: { model: DrawnModel; attempt: Attempt } | undefined
    for (let draws = 0; draws < this.#limits.mostDraws && !this.#isOutOfTime(); draws += 1) {
      const model = this.#request.signal.aborted ? undefined : this.#request.draw()
      if (!model) break
      const { attempt, attempts } = await this.#askUntilFirstToken(model)
      last = { model, attempt }
      this.#recordHealth(model, attempt)
      if (!(attempt.end instanceof ProviderFailure) || attempt.firstTokenMs !== null) break
      if (attempt.end.kind === 'aborted') break
      this.#request.onAbandoned({ modelId: model.id, reason: toReason(attempt.end), attempts })
    }
    return this.#toResult(last)
  }

  async #askUntilFirstToken(model: DrawnModel): Promise<{ attempt: Attempt; attempts: number }> {
    const { signal } = this.#request
    for (let attempts = 1; ; attempts += 1) {
      const attempt = await this.#ask(model)
      if (!(attempt.end instanceof ProviderFailure) || attempt.firstTokenMs !== null) return { attempt, attempts }
      const waitMs = pickRetryWait(attempt.end, attempts, this.#limits, this.#needs.random)
      if (waitMs === undefined || signal.aborted || this.#isOutOfTime(waitMs)) return { attempt, attempts }
      await this.#needs.sleep(waitMs, signal)
      if (signal.aborted) return { attempt: { ...attempt, end: stoppedByUs() }, attempts }
    }
  }

  async #ask({ endpoint }: DrawnModel): Promise<Attempt> {
    const { clock, provider } = this.#needs
    const { messages, signal } = this.#request
    const askedAt = clock.monotonicMs()
    const answer = new AnswerSoFar(this.#request, () => clock.monotonicMs() - askedAt)
    const toAttempt = (end: Attempt['end']): Attempt => ({
      text: answer.text,
      reasoning: answer.reasoning,
      firstTokenMs: answer.firstTokenMs,
      totalMs: Math.round(clock.monotonicMs() - askedAt),
      end,
    })
    if (!endpoint)
      return toAttempt(new ProviderFailure('unsupported', 'the model has no endpoint', { retryable: false }))
    try {
      for await (const event of provider.stream({ endpoint, messages, signal })) {
        if (event.type === 'end') return toAttempt(event)
        answer.take(event)
      }
      return toAttempt(new ProviderFailure('cut', 'the stream ended without an end', { retryable: true }))
    } catch (error) {
      if (error instanceof ProviderFailure) return toAttempt(error)
      throw error
    }
  }

  #recordHealth({ id }: DrawnModel, { end }: Attempt): void {
    if (end instanceof ProviderFailure) this.#needs.health.recordFailure(id, end.kind, toReason(end))
    else this.#needs.health.recordAnswer(id)
  }

  #isOutOfTime(afterMs = 0): boolean {
    return this.#needs.clock.monotonicMs() + afterMs - this.#startedAt > this.#limits.giveUpMs
  }

  #toResult(last: { model: DrawnModel; attempt: Attempt } | undefined): GeneratedText {
    const { text, reasoning, firstTokenMs, totalMs, end } = last?.attempt ?? NOTHING
    const so = { modelId: last?.model.id ?? null, text, reasoning, firstTokenMs, totalMs }
    if (!(end instanceof ProviderFailure)) {
      const { finish, promptTokens, completionTokens } = end
      return { ...so, kind: 'answered', finish, reason: null, promptTokens, completionTokens }
    }
    const unknown = { promptTokens: null, completionTokens: null }
    if (this.#request.signal.aborted) return { ...so, ...unknown, kind: 'stopped', finish: 'stopped', reason: null }
    return { ...so, ...unknown, kind: 'failed', finish: 'failed', reason: toReason(end) }
  }
}

/** The text of one attempt, given out from its first visible character on. */
class AnswerSoFar {
  text = ''
  reasoning = ''
  firstTokenMs: number | null = null
  readonly #request: GeneratorRequest
  readonly #elapsedMs: () => number

  constructor(request: GeneratorRequest, elapsedMs: () => number) {
    this.#request = request
    this.#elapsedMs = elapsedMs
  }

  take({ type, text }: { readonly type: 'text' | 'reasoning'; readonly text: string }): void {
    if (type === 'reasoning') {
      this.reasoning += text
      this.#request.onReasoning?.(text)
      return
    }
    this.text += text
    if (this.firstTokenMs !== null) return this.#request.onText(text)
    if (!isVisible(text)) return
    this.firstTokenMs = Math.round(this.#elapsedMs())
    this.#request.onText(this.text)
  }
}

function toReason({ kind, message }: ProviderFailure): string {
  return `${kind}: ${message}`
}

function stoppedByUs(): ProviderFailure {
  return new ProviderFailure('aborted', 'stopped while waiting to ask again', { retryable: false })
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleepFor(ms, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
