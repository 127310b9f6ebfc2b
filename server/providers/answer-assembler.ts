import { createTextCleaner, isVisible } from './answer-text.ts'
import { createCompletionReader } from './completion-reader.ts'
import type { ProviderLimits } from './provider-limits.ts'
import { ProviderFailure, type ProviderEvent } from './provider.ts'
import type { KeyRing } from './secrets.ts'
import { createThinkSplitter } from './think-tags.ts'

/** From the events of an endpoint to those of our port: kept apart, cleaned, bounded. Its methods throw `ProviderFailure`. */
export interface AnswerAssembler {
  readEvent(name: string, data: string): void
  readWhole(body: string): void
  /** No more will come. Gives out what was held back and the `end`, or throws because that was no answer. */
  complete(): void
  readonly hasFinishReason: boolean
  readonly isDone: boolean
}

export interface AnswerAssemblerOptions {
  readonly keys: KeyRing
  readonly hasThinkTags: boolean
  readonly limits: ProviderLimits
  readonly emit: (event: ProviderEvent) => void
  /** Something of the answer has come, be it given out yet or not. */
  readonly onToken: () => void
  readonly onNotice: (notice: string) => void
}

export function createAnswerAssembler(options: AnswerAssemblerOptions): AnswerAssembler {
  const { limits, onToken } = options
  const text = openChannel('text', limits.maxAnswerChars, options)
  const reasoning = openChannel('reasoning', limits.maxReasoningChars, options)
  const splitter = options.hasThinkTags ? createThinkSplitter() : undefined

  const reader = createCompletionReader({
    onNotice: options.onNotice,
    onReasoning: (piece) => {
      onToken()
      reasoning.push(piece)
    },
    onText: (piece) => {
      onToken()
      if (!splitter) return text.push(piece)
      give(splitter.push(piece))
    },
  })
  const give = (split: { text: string; reasoning: string }): void => {
    if (split.reasoning !== '') reasoning.push(split.reasoning)
    if (split.text !== '') text.push(split.text)
  }

  return {
    readEvent: reader.readEvent,
    readWhole: reader.readWhole,
    complete: () => {
      const { finish, promptTokens, completionTokens } = reader
      if (finish === undefined)
        throw new ProviderFailure('cut', 'the answer stopped without a finish reason', { retryable: true })
      if (splitter) give(splitter.flush())
      reasoning.flush()
      text.flush()
      // More of the same limit would end the same way; an empty answer by itself may be a mishap.
      if (!text.wasVisible())
        throw new ProviderFailure('empty', 'the answer is empty', { retryable: finish === 'stop' })
      options.emit({ type: 'end', finish, promptTokens, completionTokens })
    },
    get hasFinishReason() {
      return reader.finish !== undefined
    },
    get isDone() {
      return reader.isDone
    },
  }
}

function openChannel(type: 'text' | 'reasoning', maxChars: number, { keys, emit }: AnswerAssemblerOptions) {
  const cleaner = createTextCleaner(keys.openFilter())
  let chars = 0
  let isSeen = false

  const give = (piece: string): void => {
    if (piece === '') return
    chars += piece.length
    if (chars > maxChars)
      throw new ProviderFailure('too-long', `more than ${maxChars} characters of ${type}`, { retryable: false })
    isSeen ||= isVisible(piece)
    emit({ type, text: piece })
  }

  return {
    push: (piece: string) => give(cleaner.push(piece)),
    flush: () => give(cleaner.flush()),
    wasVisible: () => isSeen,
  }
}
