import { isRecord, toLine, toStreamFailure } from './endpoint-failures.ts'
import { toFinishMeaning } from './finish-reasons.ts'
import { ProviderFailure } from './provider.ts'

/**
 * Makes sense of the chunks of one answer. Provider answers are read loosely: only the fields we use, and whatever is
 * missing or of another type is passed over. What is an answer and what is a failure is decided here.
 */
export interface CompletionReader {
  /** One event of the stream. @throws ProviderFailure when it makes the answer one that cannot be judged */
  readEvent(name: string, data: string): void
  /** A whole answer in one JSON body, as some servers send to a stream request. */
  readWhole(body: string): void
  /** The answer's end as far as it was told; undefined while no finish reason has come. */
  readonly finish: 'stop' | 'length' | undefined
  /** `[DONE]` has come: what follows is nobody's. */
  readonly isDone: boolean
  readonly promptTokens: number | null
  readonly completionTokens: number | null
}

export interface CompletionSink {
  readonly onText: (text: string) => void
  readonly onReasoning: (text: string) => void
  /** Something odd that does no harm, for the operator. Told once per kind. */
  readonly onNotice: (notice: string) => void
}

export function createCompletionReader(sink: CompletionSink): CompletionReader {
  let finish: 'stop' | 'length' | undefined
  let isDone = false
  let usage: TokenCounts = { promptTokens: null, completionTokens: null }
  let firstId: unknown
  let firstModel: unknown
  const noticed = new Set<string>()

  const notice = (text: string): void => {
    if (noticed.has(text)) return
    noticed.add(text)
    sink.onNotice(text)
  }

  const readChunk = (chunk: unknown): void => {
    if (!isRecord(chunk)) throw malformed('an event is no JSON object')
    if (isError(chunk)) throw toStreamFailure(chunk)
    noteChanges(chunk)
    if (isRecord(chunk['usage'])) usage = readUsage(chunk['usage'], notice)
    const choice = pickChoice(chunk['choices'])
    if (choice) readChoice(choice, choice['delta'])
  }

  const noteChanges = ({ id, model }: Readonly<Record<string, unknown>>): void => {
    firstId ??= id
    firstModel ??= model
    if (id !== undefined && id !== firstId) notice('the id changed within one answer')
    if (model !== undefined && model !== firstModel) notice('the model changed within one answer')
  }

  const pickChoice = (choices: unknown): Readonly<Record<string, unknown>> | undefined => {
    if (!Array.isArray(choices)) return undefined
    const isOurs = (choice: unknown) => isRecord(choice) && (choice['index'] ?? 0) === 0
    const [first] = choices
    if (choices.length === 1 && isOurs(first)) return first
    if (choices.length > 0) notice('there is more than one choice; only the first is read')
    return choices.find(isOurs)
  }

  const readChoice = (choice: Readonly<Record<string, unknown>>, delta: unknown): void => {
    if (isRecord(delta)) readDelta(delta)
    const reason = choice['finish_reason']
    if (typeof reason === 'string' && reason !== '') readFinish(reason)
  }

  const readDelta = (delta: Readonly<Record<string, unknown>>): void => {
    const reasoning = pickReasoning(delta)
    if (reasoning !== '') sink.onReasoning(reasoning)
    const text = readContent(delta['content'], sink.onReasoning)
    if (text !== '') emitText(text)
    // A refusal is an answer, whether it comes as text or in a field of its own.
    const { refusal } = delta
    if (typeof refusal === 'string' && refusal !== '') emitText(refusal)
    if (hasCalls(delta))
      throw new ProviderFailure('unsupported', 'called a tool instead of answering', { retryable: false })
  }

  const emitText = (text: string): void => {
    if (finish !== undefined) notice('text came after the finish reason')
    sink.onText(text)
  }

  const readFinish = (reason: string): void => {
    const meaning = toFinishMeaning(reason)
    if ('failure' in meaning) {
      const detail = `ended with finish_reason ${JSON.stringify(toLine(reason))}`
      throw new ProviderFailure(meaning.failure, detail, { retryable: meaning.retryable })
    }
    if (finish !== undefined) notice('the finish reason came more than once')
    finish ??= meaning.finish
  }

  return {
    readEvent: (name, data) => {
      if (isDone || data === '') return
      if (data.startsWith('[DONE]')) {
        isDone = true
        return
      }
      if (name === 'error') throw toStreamFailure(parseJson(data) ?? data)
      const chunk = parseJson(data)
      // Named events are some server's own, a ping for instance, unless they hold a chunk.
      if (chunk === undefined && name !== '' && name !== 'message') return
      if (chunk === undefined) throw malformed('an event is no JSON')
      readChunk(chunk)
    },
    readWhole: (body) => {
      const answer = parseJson(body)
      if (!isRecord(answer)) throw malformed('the body is no JSON object')
      if (isError(answer)) throw toStreamFailure(answer)
      if (isRecord(answer['usage'])) usage = readUsage(answer['usage'], notice)
      const choice = pickChoice(answer['choices'])
      if (choice) readChoice(choice, choice['message'])
      isDone = true
    },
    get finish() {
      return finish
    },
    get isDone() {
      return isDone
    },
    get promptTokens() {
      return usage.promptTokens
    },
    get completionTokens() {
      return usage.completionTokens
    },
  }
}

function isError(chunk: Readonly<Record<string, unknown>>): boolean {
  const { error } = chunk
  const hasError = error !== undefined && error !== null && error !== false && error !== ''
  return hasError || chunk['object'] === 'error' || (chunk['type'] === 'error' && !Array.isArray(chunk['choices']))
}

/** Servers that send both names send the same thought twice. */
function pickReasoning(delta: Readonly<Record<string, unknown>>): string {
  for (const field of ['reasoning_content', 'reasoning']) {
    const value = delta[field]
    if (typeof value === 'string' && value !== '') return value
  }
  return ''
}

/** Text, or a list of parts of which those that are text or thinking are read. */
function readContent(content: unknown, onReasoning: (text: string) => void): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  let text = ''
  for (const part of content) {
    if (!isRecord(part)) continue
    if (part['type'] === 'text' && typeof part['text'] === 'string') text += part['text']
    if (part['type'] === 'thinking') onReasoning(readThought(part['thinking']))
  }
  return text
}

function readThought(thinking: unknown): string {
  if (typeof thinking === 'string') return thinking
  if (!Array.isArray(thinking)) return ''
  return thinking.map((part) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('')
}

function hasCalls(delta: Readonly<Record<string, unknown>>): boolean {
  const calls = delta['tool_calls']
  return (Array.isArray(calls) && calls.length > 0) || isRecord(delta['function_call'])
}

interface TokenCounts {
  readonly promptTokens: number | null
  readonly completionTokens: number | null
}

const MOST_TOKENS = 1_000_000_000

/** A count that cannot be true is unknown, which is not zero. */
function readUsage(usage: Readonly<Record<string, unknown>>, notice: (text: string) => void): TokenCounts {
  const read = (value: unknown): number | null => {
    if (value === undefined || value === null) return null
    const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS
    if (isCount) return value
    notice('a token count is out of range')
    return null
  }
  return { promptTokens: read(usage['prompt_tokens']), completionTokens: read(usage['completion_tokens']) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function malformed(detail: string): ProviderFailure {
  return new ProviderFailure('malformed', detail, { retryable: true })
}
