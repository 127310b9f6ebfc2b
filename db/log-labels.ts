import { z } from 'zod'
import { type BattleId, ModelId, type VoteId, type VoterId } from '../contract/ids.ts'
import { OUTCOMES } from '../contract/outcome.ts'
import { UNCOUNTED_REASONS, type LoggedVote } from './store.ts'

type Contestants = Pick<LoggedVote, 'arena' | 'models'>
type Labels = Pick<LoggedVote, 'kind' | 'outcome' | 'uncounted' | 'turn' | 'language' | 'categories'>

/** One entry as an engine reads it. What many entries have in common comes as two texts. */
export type LogRow = readonly [
  id: VoteId,
  battleId: BattleId,
  voterId: VoterId,
  supersedes: VoteId | null,
  at: number,
  /** arena, model a, model b */
  contestants: string,
  /** kind, outcome, mark or nothing, turn, language, categories as JSON */
  labels: string,
]

/** Between the fields of such a text: it occurs in no id, name or JSON. */
export const FIELD_SEPARATOR = '\x1F'

/** More different texts than this are parsed again each time: an arena with so many has other worries. */
const KEPT_TEXTS = 20_000

const LabelFields = z
  .tuple([
    z.enum(['vote', 'withdrawal']),
    z.enum(OUTCOMES),
    z.union([z.literal('').transform(() => null), z.enum(UNCOUNTED_REASONS)]),
    z.coerce.number(),
    z.string(),
    z.string().transform((text): readonly string[] => z.array(z.string()).parse(JSON.parse(text))),
  ])
  .transform(([kind, outcome, uncounted, turn, language, categories]): Labels => {
    return { kind, outcome, uncounted, turn, language, categories }
  })

const ContestantFields = z
  .tuple([z.string(), ModelId, ModelId])
  .transform(([arena, a, b]): Contestants => ({ arena, models: { a, b } }))

/** Parses each text once: a hundred thousand entries share a few thousand of them. */
class SharedTexts<T> {
  readonly #parsed = new Map<string, T>()
  readonly #parse: (text: string) => T

  constructor(parse: (text: string) => T) {
    this.#parse = parse
  }

  get(text: string): T {
    const known = this.#parsed.get(text)
    if (known !== undefined) return known
    const parsed = this.#parse(text)
    if (this.#parsed.size < KEPT_TEXTS) this.#parsed.set(text, parsed)
    return parsed
  }
}

/** Turns rows into entries; one for as long as a connection lives, so that it learns the texts of its arena. */
export class LogRowParser {
  readonly #contestants = new SharedTexts((text) => ContestantFields.parse(text.split(FIELD_SEPARATOR)))
  readonly #labels = new SharedTexts((text) => LabelFields.parse(text.split(FIELD_SEPARATOR)))

  parse([id, battleId, voterId, supersedes, at, contestantsText, labelsText]: readonly [
    ...LogRow,
    ...unknown[],
  ]): LoggedVote {
    const { arena, models } = this.#contestants.get(contestantsText)
    const { kind, outcome, uncounted, turn, language, categories } = this.#labels.get(labelsText)
    return {
      id,
      kind,
      battleId,
      arena,
      models,
      voterId,
      turn,
      outcome,
      uncounted,
      supersedes,
      categories,
      language,
      at,
    }
  }
}
