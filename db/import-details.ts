import { and, isNotNull } from 'drizzle-orm'
import { z } from 'zod'
import type { BattleId, VoteId } from '../contract/ids.ts'
import type { Outcome } from '../contract/outcome.ts'
import type { QueryTools } from './conversation-queries.ts'
import type { ConversationMetadata } from './export-source.ts'
import type { Database } from './sqlite/kit.ts'

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
  { schema: { voteLog }, isAnyOf }: QueryTools,
  ids: readonly VoteId[],
): Promise<Map<string, VoteDetails>> {
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
    .where(and(isAnyOf(voteLog.id, ids), isNotNull(voteLog.source)))
  const details = new Map<string, VoteDetails>()
  for (const { id, source, judge, excluded, leaked, replaces, strength, weight, style } of rows) {
    details.set(id, {
      source: source ?? '',
      judge,
      excluded,
      leaked: leaked ?? false,
      replaces,
      strength,
      weight: weight ?? 1,
      style: style === null ? null : parseStyle(style),
    })
  }
  return details
}

export async function readBattleDetails(
  db: Database,
  { schema: { battles }, isAnyOf }: QueryTools,
  ids: readonly BattleId[],
): Promise<Map<string, BattleDetails>> {
  const rows = await db
    .select({ id: battles.id, source: battles.source, system: battles.system, gold: battles.gold })
    .from(battles)
    .where(isAnyOf(battles.id, ids))
  return new Map(rows.map(({ id, source, system, gold }) => [id, { source: source ?? '', system: system ?? '', gold }]))
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
