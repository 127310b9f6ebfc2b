import { and, inArray, isNotNull } from 'drizzle-orm'
import { z } from 'zod'
import type { BattleId, VoteId } from '../contract/ids.ts'
import type { Outcome } from '../contract/outcome.ts'
import type { ConversationMetadata } from './export-source.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import { inChunks } from './stored-text.ts'

const ROWS_PER_STATEMENT = 500

/** What the log knows of an imported vote beside what a board must know. */
export interface VoteDetails {
  readonly source: string
  readonly judge: string | null
  readonly excluded: string | null
  readonly leaked: boolean
  readonly replaces: VoteId | null
  readonly strength: number | null
  readonly weight: number
  readonly style: ConversationMetadata | null
}

/** What is known of a battle beside its texts. */
export interface BattleDetails {
  readonly source: string
  readonly system: string
  readonly gold: Outcome | null
}

/** Details of those among the entries that imports have brought. */
export async function readVoteDetails(
  db: Database,
  { voteLog }: Schema,
  ids: readonly VoteId[],
): Promise<Map<string, VoteDetails>> {
  const details = new Map<string, VoteDetails>()
  for (const chunk of inChunks(ids, ROWS_PER_STATEMENT)) {
    const rows = await db
      .select({
        id: voteLog.id,
        source: voteLog.source,
        judge: voteLog.judge,
        excluded: voteLog.excluded,
        leaked: voteLog.leaked,
        replaces: voteLog.replaces,
        strength: voteLog.strength,
        weight: voteLog.weight,
        style: voteLog.style,
      })
      .from(voteLog)
      .where(and(inArray(voteLog.id, chunk), isNotNull(voteLog.source)))
    for (const { id, source, leaked, weight, style, ...facts } of rows) {
      details.set(id, {
        ...facts,
        source: source ?? '',
        leaked: leaked ?? false,
        weight: weight ?? 1,
        style: style === null ? null : parseStyle(style),
      })
    }
  }
  return details
}

export async function readBattleDetails(
  db: Database,
  { battles }: Schema,
  ids: readonly BattleId[],
): Promise<Map<string, BattleDetails>> {
  const details = new Map<string, BattleDetails>()
  for (const chunk of inChunks(ids, ROWS_PER_STATEMENT)) {
    const rows = await db
      .select({ id: battles.id, source: battles.source, system: battles.system, gold: battles.gold })
      .from(battles)
      .where(inArray(battles.id, chunk))
    for (const { id, source, system, gold } of rows) {
      details.set(id, { source: source ?? '', system: system ?? '', gold })
    }
  }
  return details
}

const count = z.number()
const Headers = z.object({ h1: count, h2: count, h3: count, h4: count, h5: count, h6: count })
const Lists = z.object({ ordered: count, unordered: count })
const Bold = z.object({ '**': count, __: count })

const Style = z.object({
  sum_user_tokens: count,
  turns: count,
  sum_assistant_a_tokens: count,
  sum_assistant_b_tokens: count,
  context_a_tokens: count,
  context_b_tokens: count,
  header_count_a: Headers,
  header_count_b: Headers,
  list_count_a: Lists,
  list_count_b: Lists,
  bold_count_a: Bold,
  bold_count_b: Bold,
})

function parseStyle(json: string): ConversationMetadata {
  return Style.parse(JSON.parse(json))
}
