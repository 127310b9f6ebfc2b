import { KNOWN_CATEGORIES, OVERALL } from '../../contract/categories.ts'
import type { ModelId, VoterId } from '../../contract/ids.ts'
import type { Leaderboard } from '../../contract/leaderboard.ts'
import type { LoggedVote, ModelRecord, VoteLogCursor } from '../../db/store.ts'
import { createLiveBoard, type LiveBoard } from '../../ranking/live-board.ts'
import type { MovementBasis } from '../../ranking/movement.ts'

/** A board as the keeper computes it; the version is the business of whoever publishes it. */
export type ComputedBoard = Omit<Leaderboard, 'version' | 'categories'>

export interface BoardChanges {
  readonly boards: readonly ComputedBoard[]
  /** Per arena with changed boards: how many votes each board has, in reading order. */
  readonly categories: ReadonlyMap<string, Leaderboard['categories']>
  /** Per arena with a changed overall board: what is needed to say how one vote moves two ratings. */
  readonly bases: ReadonlyMap<string, ArenaBasis>
}

export interface ArenaBasis {
  readonly basis: MovementBasis
  /** Index of each model in the basis. */
  readonly indexes: ReadonlyMap<ModelId, number>
}

interface KeptBoard {
  readonly live: LiveBoard
  readonly notCounted: { identityLeaked: number; revealed: number; withdrawn: number; excluded: number }
  votes: number
  cursor: VoteLogCursor | null
  lastVoteAt: number | null
  dirty: boolean
}

/**
 * Folds the vote log into one board per arena and category and refits those that changed. Holds no clock, thread or
 * connection: what it says is a function of the entries it was given.
 */
export class BoardKeeper {
  readonly #boards = new Map<string, Map<string, KeptBoard>>()
  readonly #modelIndexes = new Map<ModelId, number>()
  readonly #modelIds: ModelId[] = []
  readonly #voterIndexes = new Map<VoterId, number>()
  #models: ReadonlyMap<ModelId, ModelRecord> = new Map()
  readonly #isShown: (model: ModelRecord) => boolean

  /** @param isShown models for which it is false are on no board, nor are the votes on their battles */
  constructor({ isShown = () => true }: { isShown?: (model: ModelRecord) => boolean } = {}) {
    this.#isShown = isShown
  }

  replaceModels(models: readonly ModelRecord[]): void {
    this.#models = new Map(models.map((model) => [model.id, model]))
  }

  knows(entry: LoggedVote): boolean {
    return this.#models.has(entry.models.a) && this.#models.has(entry.models.b)
  }

  /** Takes entries in log order; `cursor` is the place in the log after the last of them. */
  fold(entries: readonly LoggedVote[], cursor: VoteLogCursor | null): void {
    for (const entry of entries) this.#foldOne(entry, cursor)
  }

  #foldOne(entry: LoggedVote, cursor: VoteLogCursor | null): void {
    const { a, b } = entry.models
    if (!this.#shows(a) || !this.#shows(b)) return
    const vote = {
      a: this.#modelIndex(a),
      b: this.#modelIndex(b),
      outcome: entry.outcome,
      voter: this.#voterIndex(entry.voterId),
    }
    for (const category of new Set([OVERALL, ...entry.categories])) {
      const board = this.#board(entry.arena, category)
      board.dirty = true
      board.cursor = cursor
      if (entry.uncounted !== null) {
        count(board.notCounted, entry)
      } else if (entry.kind === 'withdrawal') {
        board.live.remove(vote)
        board.votes -= 1
        board.notCounted.withdrawn += 1
      } else {
        board.live.add(vote)
        board.votes += 1
        board.lastVoteAt = Math.max(board.lastVoteAt ?? 0, entry.at)
      }
    }
  }

  /** Refits every board with new entries, each from where it was. */
  refit(): BoardChanges {
    const boards: ComputedBoard[] = []
    const categories = new Map<string, Leaderboard['categories']>()
    const bases = new Map<string, ArenaBasis>()
    for (const [arena, kept] of this.#boards) {
      for (const [category, board] of kept) {
        if (!board.dirty) continue
        board.dirty = false
        boards.push(this.#compute(arena, category, board))
        if (category === OVERALL) bases.set(arena, { basis: board.live.movementBasis(), indexes: this.#modelIndexes })
        categories.set(arena, countsOf(kept))
      }
    }
    return { boards, categories, bases }
  }

  #compute(arena: string, category: string, board: KeptBoard): ComputedBoard {
    const fit = board.live.refit()
    const rows = fit.rows.flatMap(({ model: index, ...row }) => {
      const id = this.#modelIds[index]
      const model = id && this.#models.get(id)
      if (!model) return []
      const { name, organization, license, sample } = model
      return [{ ...row, model: name, organization, license, sample }]
    })
    return {
      arena,
      category,
      method: 'bt',
      votes: board.votes,
      notCounted: { ...board.notCounted },
      logCursor: board.cursor,
      lastVoteAt: board.lastVoteAt === null ? null : new Date(board.lastVoteAt).toISOString(),
      converged: fit.converged,
      components: fit.components,
      sampleOnly: rows.length > 0 && rows.every(({ sample }) => sample),
      rows,
    }
  }

  #shows(id: ModelId): boolean {
    const model = this.#models.get(id)
    return model !== undefined && this.#isShown(model)
  }

  #board(arena: string, category: string): KeptBoard {
    const boards = this.#boards.get(arena) ?? new Map<string, KeptBoard>()
    this.#boards.set(arena, boards)
    const board = boards.get(category) ?? newBoard()
    boards.set(category, board)
    return board
  }

  #modelIndex(id: ModelId): number {
    const known = this.#modelIndexes.get(id)
    if (known !== undefined) return known
    const index = this.#modelIds.push(id) - 1
    this.#modelIndexes.set(id, index)
    return index
  }

  #voterIndex(id: VoterId): number {
    const known = this.#voterIndexes.get(id)
    if (known !== undefined) return known
    const index = this.#voterIndexes.size
    this.#voterIndexes.set(id, index)
    return index
  }
}

function newBoard(): KeptBoard {
  return {
    live: createLiveBoard(),
    notCounted: { identityLeaked: 0, revealed: 0, withdrawn: 0, excluded: 0 },
    votes: 0,
    cursor: null,
    lastVoteAt: null,
    dirty: false,
  }
}

const REASON_FIELDS = { 'identity-leaked': 'identityLeaked', revealed: 'revealed', excluded: 'excluded' } as const

/** A vote that never counted changes only how many such votes there are; taking it back makes it a withdrawn one. */
function count(notCounted: KeptBoard['notCounted'], entry: LoggedVote): void {
  if (entry.uncounted === null) return
  if (entry.kind === 'withdrawal') {
    notCounted.withdrawn += 1
    notCounted[REASON_FIELDS[entry.uncounted]] -= 1
  } else {
    notCounted[REASON_FIELDS[entry.uncounted]] += 1
  }
}

function countsOf(boards: ReadonlyMap<string, KeptBoard>): Leaderboard['categories'] {
  const placeOf = (category: string) => {
    const place = KNOWN_CATEGORIES.indexOf(category)
    return place < 0 ? KNOWN_CATEGORIES.length : place
  }
  return [...boards]
    .map(([category, { votes }]) => ({ category, votes }))
    .filter(({ category, votes }) => votes > 0 || category === OVERALL)
    .sort(
      (first, second) =>
        placeOf(first.category) - placeOf(second.category) || (first.category < second.category ? -1 : 1),
    )
}
