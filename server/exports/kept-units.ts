import { setImmediate as letOthersRun } from 'node:timers/promises'
import type { ExportCursor, ExportFilter, ExportPage, ExportSource, LogEnd, VotedBattle } from '../../db/store.ts'
import type { ExportQuery } from './export-query.ts'
import type { ExportTally } from './export-tally.ts'
import type { JudgedUnit, RowGroup, UnitFormat } from './formats/unit-format.ts'
import { judgeUnit, type Demands, type Judgement } from './judge-unit.ts'
import { promptMessages } from './messages.ts'
import { Repetitions } from './repetitions.ts'
import { toUnits } from './unit.ts'

const PAGE_ITEMS = 400

/** What an export reads: one part of the log, which grows no more while it is read. */
export interface Reading {
  readonly source: ExportSource
  readonly logEnd: LogEnd
  readonly signal: AbortSignal | undefined
}

/** Pages of a reading one after another, from the beginning to where the log ended when the export began. */
export async function* readPages<T>(
  { logEnd, signal }: Reading,
  read: (place: { after: ExportCursor | null; upTo: ExportCursor; limit: number }) => Promise<ExportPage<T>>,
): AsyncGenerator<ExportPage<T>> {
  if (logEnd.cursor === null) return
  for (let after: ExportCursor | null = null; ;) {
    // An embedded store answers at once; without this nothing else would run until the export ends, not even a signal.
    await letOthersRun()
    signal?.throwIfAborted()
    const page: ExportPage<T> = await read({ after, upTo: logEnd.cursor, limit: PAGE_ITEMS })
    yield page
    if (page.next === null) return
    after = page.next
  }
}

export function readBattles(reading: Reading, filter: ExportFilter): AsyncGenerator<ExportPage<VotedBattle>> {
  return readPages(reading, (place) => reading.source.readVotedBattles({ filter, ...place }))
}

export interface KeptUnit extends JudgedUnit {
  readonly groups: readonly RowGroup[]
}

export interface Batch<T> {
  readonly items: readonly T[]
  /** Entries of the log that were passed for it. */
  readonly passed: number
}

/** Units that become rows of a format, in log order, without repetitions. Everything else is counted with its reason. */
export async function* keepUnits(
  reading: Reading,
  query: ExportQuery,
  format: UnitFormat,
  tally: ExportTally,
): AsyncGenerator<Batch<KeptUnit>> {
  const repetitions = new Repetitions(query.dedup)
  const demands = { ...format, needsOutcome: true }
  try {
    for await (const page of readBattles(reading, query.filter)) {
      const items: KeptUnit[] = []
      for (const { judged, masked } of judgeBattles(page.items, query, demands, tally)) {
        const groups = format.toGroups(judged, query)
        // The filter asked for rows of models that have none here: the unit is not one that matches.
        if (groups.length === 0) continue
        const { fresh, reason } = withoutRepetitions(groups, judged, repetitions)
        if (reason !== undefined) {
          tally.drop(reason)
          continue
        }
        noteKept(tally, judged, masked)
        items.push({ unit: judged.unit, conversation: judged.conversation, groups: fresh })
      }
      yield { items, passed: page.passed }
    }
  } finally {
    repetitions.close()
  }
}

type Judged = Extract<Judgement, { kind: 'judged' }>

/** The units of some battles that may become rows; the others are counted. */
export function judgeBattles(
  battles: readonly VotedBattle[],
  query: ExportQuery,
  demands: Demands,
  tally: ExportTally,
): Judged[] {
  const kept: Judged[] = []
  for (const battle of battles) {
    for (const unit of toUnits(battle, query.turns)) {
      const judgement = judgeUnit(unit, query, demands)
      if (judgement.kind === 'dropped') tally.drop(judgement.reason)
      else kept.push(judgement)
    }
  }
  return kept
}

export function noteKept(tally: ExportTally, { unit, conversation }: JudgedUnit, masked: Judged['masked']): void {
  tally.keep(unit.battle, masked)
  tally.noteVotes(unit.votes)
  tally.noteAgreement(unit.agreement, unit.votes.length)
  tally.noteLengths(conversation)
}

function withoutRepetitions(groups: readonly RowGroup[], judged: JudgedUnit, repetitions: Repetitions) {
  const fresh: RowGroup[] = []
  let first: ReturnType<Repetitions['refuse']>
  for (const group of groups) {
    const reason = repetitions.refuse(group, () => promptText(judged))
    if (reason === undefined) fresh.push(group)
    else first ??= reason
  }
  return { fresh, reason: fresh.length === 0 ? first : undefined }
}

function promptText({ conversation }: JudgedUnit): string {
  return promptMessages(conversation, 'a')
    .map(({ content }) => content)
    .join('\n')
}
