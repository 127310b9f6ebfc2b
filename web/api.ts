import type { ArenaStatus, Problem, Suggestion } from '../contract/arena.ts'
import type { ErrorCode } from '../contract/errors.ts'
import type { Leaderboard } from '../contract/leaderboard.ts'

/** A refusal of the server, by its code. Outages are thrown as `fetch` throws them. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal'
  readonly code: ErrorCode | 'unknown'
  readonly retryAfterMs: number | null

  constructor(code: ErrorCode | 'unknown', message: string, retryAfterMs: number | null) {
    super(message)
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** Everything that the page asks over HTTP. */
export interface Api {
  /** Makes this browser an anonymous voter, or finds that it is one; the token never reaches a script. */
  openSession(): Promise<void>
  findArena(signal?: AbortSignal): Promise<ArenaStatus>
  listSuggestions(language: string, signal?: AbortSignal): Promise<Suggestion[]>
  /** `undefined` when the board is still the one with this ETag. */
  findLeaderboard(
    query: { arena: string; category: string },
    options?: { etag?: string | null; signal?: AbortSignal },
  ): Promise<{ board: Leaderboard; etag: string | null } | undefined>
}

export function httpApi(base = '/api/v1'): Api {
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(base + path, { credentials: 'same-origin', ...init })
    if (response.ok || response.status === 304) return response
    throw await toRefusal(response)
  }
  const get = (path: string, signal?: AbortSignal) => ask(path, signal ? { signal } : {})
  return {
    openSession: async () => void (await ask('/session', { method: 'POST' })),
    findArena: async (signal) => parse<ArenaStatus>(await get('/arena', signal)),
    listSuggestions: async (language, signal) =>
      parse<Suggestion[]>(await get(`/suggestions?language=${encodeURIComponent(language)}`, signal)),
    findLeaderboard: async ({ arena, category }, { etag, signal } = {}) => {
      const response = await ask(`/leaderboard?${new URLSearchParams({ arena, category })}`, {
        headers: etag ? { 'if-none-match': etag } : {},
        cache: 'no-store',
        ...(signal ? { signal } : {}),
      })
      if (response.status === 304) return undefined
      return { board: await parse<Leaderboard>(response), etag: response.headers.get('etag') }
    },
  }
}

/** The server answers by the schemas of `contract/`; the page trusts its own server and does not carry a validator. */
async function parse<T>(response: Response): Promise<T> {
  return (await response.json()) as T
}

async function toRefusal(response: Response): Promise<ApiRefusal> {
  const problem = await parse<Partial<Problem>>(response).catch((): Partial<Problem> => ({}))
  const code = (problem.error?.code ?? 'unknown') as ErrorCode | 'unknown'
  return new ApiRefusal(code, problem.error?.message ?? `HTTP ${response.status}`, problem.error?.retryAfterMs ?? null)
}
