import type { ModelId } from '../../contract/ids.ts'
import type { ModelRecord } from '../../db/store.ts'
import type { ChatMessage } from '../providers/provider.ts'

/** How one side of a turn gets its answer; server/providers has the real one, compose.ts brings them together. */
export type GenerateAnswer = (request: AnswerRequest) => Promise<AnswerResult>

export interface AnswerRequest {
  /** The next model to ask; undefined when nobody is left. The first call gives the model that was drawn for the side. */
  readonly draw: () => ModelRecord | undefined
  /** The conversation as this side's model knows it, without its system prompt. */
  readonly messages: readonly ChatMessage[]
  readonly onText: (text: string) => void
  /** A draw was given up before its first token. */
  readonly onAbandoned: (draw: { modelId: ModelId; reason: string; attempts: number }) => void
  /** Ends the answer where it is. */
  readonly signal: AbortSignal
}

export interface AnswerResult {
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
  readonly firstTokenMs: number | null
  readonly totalMs: number
}
