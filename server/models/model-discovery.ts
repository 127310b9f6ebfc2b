import { z } from 'zod'

export interface DiscoveryRequest {
  readonly baseUrl: string
  readonly apiKey: string | null
  readonly timeoutMs: number
}

export type Discovery =
  | {
      readonly kind: 'listed'
      /** Ids of models that can hold a conversation, as far as their names tell. */
      readonly ids: readonly string[]
      /** How many were left out: for another task, with an impossible id, or beyond the bound. */
      readonly leftOut: number
    }
  | { readonly kind: 'failed'; readonly reason: string }

const MOST_MODELS = 500
const MOST_BYTES = 8_000_000

/** Read loosely: a list whose entries may hold anything; what is no usable entry is left out. */
const ModelList = z.object({ data: z.array(z.unknown()) })
const ListedModel = z.object({ id: z.string() })

/** Asks an endpoint which models it has. Never throws: an endpoint that is away must not stop the start. */
export async function discoverModels(request: DiscoveryRequest): Promise<Discovery> {
  try {
    const list = ModelList.safeParse(JSON.parse(await fetchList(request)))
    if (!list.success) return { kind: 'failed', reason: 'its answer is no list of models' }
    const listed = list.data.data.flatMap((entry) => ListedModel.safeParse(entry).data?.id ?? [])
    const ids = [...new Set(listed)].filter(isPlainId).filter(isConversational).slice(0, MOST_MODELS)
    return { kind: 'listed', ids, leftOut: list.data.data.length - ids.length }
  } catch (error) {
    return { kind: 'failed', reason: toReason(error) }
  }
}

class BadAnswer extends Error {
  override readonly name = 'BadAnswer'
}

async function fetchList({ baseUrl, apiKey, timeoutMs }: DiscoveryRequest): Promise<string> {
  const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/models`, {
    headers: apiKey === null ? {} : { authorization: `Bearer ${apiKey}` },
    // The key belongs to the configured address only.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new BadAnswer(`it answered ${response.status}`)
  }
  return await readBounded(response)
}

async function readBounded({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body ?? []) {
    parts.push(part)
    size += part.length
    if (size > MOST_BYTES) throw new BadAnswer(`its answer is larger than ${MOST_BYTES} bytes`)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Ids become shown names: no markup, no invisible or direction-changing characters, and not endless. */
function isPlainId(id: string): boolean {
  return id.length <= 100 && id.trim() === id && /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._:/@+()~,#-]*$/u.test(id)
}

/** Names of models for other tasks than conversation, as words within an id. */
const OTHER_TASK = new RegExp(
  String.raw`(^|[^a-z])(` +
    [
      String.raw`[a-z]*embed(ding)?s?`,
      'bge|e5|gte|minilm|colbert',
      '[a-z]*rerank(er)?',
      '(distil-)?whisper|tts|stt|asr|transcribe|speech|audio|voice|realtime|live',
      'dall-?e|images?|imagen|flux|stable-?diffusion|sdxl|sora|veo|video',
      'moderation|[a-z]*guard|reward',
      'ocr|translate|computer-use|deep-research|search-preview|search-api',
      '(davinci|babbage)-002|turbo-instruct',
    ].join('|') +
    String.raw`)([^a-z]|$)`,
  'i',
)

function isConversational(id: string): boolean {
  return !OTHER_TASK.test(id)
}

/** Says what happened without a word of the endpoint's own, which could be anything. */
function toReason(error: unknown): string {
  if (error instanceof BadAnswer) return error.message
  if (error instanceof SyntaxError) return 'its answer is no JSON'
  if (error instanceof Error && error.name === 'TimeoutError') return 'it did not answer in time'
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof Error && cause.message === 'unexpected redirect') return 'it redirects to another address'
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : ''
  return `it cannot be reached${code}`
}
