import { isInPeriod, matchesBattle } from '../../../db/export-filter.ts'
import type {
  ConversationMetadata,
  ExportCursor,
  ExportedModel,
  ExportedVote,
  ExportFilter,
  ExportPage,
  ExportPageRequest,
  ExportSource,
  VotedBattle,
  VoteOnBattle,
} from '../../../db/export-source.ts'

export type RememberedBattle = VotedBattle & { readonly metadata?: ConversationMetadata | null }

/** The port over battles in memory: votes are in the log in the order of the battles. Pages are as small as asked. */
export class MemorySource implements ExportSource {
  readonly #battles: readonly RememberedBattle[]
  readonly #models: readonly ExportedModel[]
  readonly #pageItems: number
  pagesRead = 0
  isClosed = false

  constructor(battles: readonly RememberedBattle[], { models = [], pageItems = 500 }: MemoryOptions = {}) {
    this.#battles = battles.filter(({ votes }) => votes.length > 0)
    this.#models = models
    this.#pageItems = pageItems
  }

  async findLogEnd() {
    const entries = this.#battles.reduce((sum, { votes }) => sum + votes.length, 0)
    return { cursor: entries === 0 ? null : String(entries), entries }
  }

  async readVotedBattles({ filter, after, limit }: ExportPageRequest): Promise<ExportPage<VotedBattle>> {
    return this.#page(this.#battles, after, limit, (battle) => this.#match(battle, filter))
  }

  async readVotes({ filter, after, limit }: ExportPageRequest): Promise<ExportPage<VoteOnBattle>> {
    const entries = this.#battles.flatMap((battle) => battle.votes.map((vote) => ({ vote, battle })))
    return this.#page(entries, after, limit, ({ vote, battle }) => {
      if (!matchesBattle(filter, battle) || !isInPeriod(filter, vote.at)) return []
      return [
        { vote, battle: { ...battle, turns: battle.turns.slice(0, vote.turn) }, metadata: battle.metadata ?? null },
      ]
    })
  }

  async listModels(): Promise<readonly ExportedModel[]> {
    return this.#models
  }

  async close(): Promise<void> {
    this.isClosed = true
  }

  #match(battle: VotedBattle, filter: ExportFilter): VotedBattle[] {
    const votes: ExportedVote[] = battle.votes.filter(({ at }) => isInPeriod(filter, at))
    if (votes.length === 0 || !matchesBattle(filter, battle)) return []
    const lastTurn = Math.max(...votes.map(({ turn }) => turn))
    return [{ ...battle, votes, turns: battle.turns.slice(0, lastTurn) }]
  }

  #page<T, U>(
    items: readonly T[],
    after: ExportCursor | null,
    limit: number,
    toFound: (item: T) => U[],
  ): ExportPage<U> {
    this.pagesRead += 1
    const start = Number(after ?? 0)
    const end = Math.min(items.length, start + Math.min(limit, this.#pageItems))
    const slice = items.slice(start, end)
    return { items: slice.flatMap(toFound), next: end < items.length ? String(end) : null, passed: slice.length }
  }
}

interface MemoryOptions {
  readonly models?: readonly ExportedModel[]
  readonly pageItems?: number
}
