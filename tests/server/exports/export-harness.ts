import type { Row } from '../../../server/exports/columns.ts'
import { defaultQuery, type ExportQuery, type FormatName } from '../../../server/exports/export-query.ts'
import { ExportRun } from '../../../server/exports/export-run.ts'
import type { ExportSummary } from '../../../server/exports/export-tally.ts'
import { MemorySource, type RememberedBattle } from './memory-source.ts'

export interface Exported {
  readonly rows: readonly Row[]
  readonly bySplit: ReadonlyMap<string, readonly Row[]>
  readonly summary: ExportSummary
}

/** All rows of an export of some battles, without files. */
export async function exportRows(
  format: FormatName,
  battles: readonly RememberedBattle[],
  changes: Partial<ExportQuery> = {},
): Promise<Exported> {
  const source = new MemorySource(battles, { pageItems: 3 })
  const query = { ...defaultQuery(format), ...changes }
  const run = new ExportRun(query, { source, logEnd: await source.findLogEnd(), signal: undefined })
  const rows: Row[] = []
  const bySplit = new Map<string, Row[]>(query.splits.map(({ name }) => [name, []]))
  for await (const { items } of run.batches()) {
    for (const { split, row } of items) {
      rows.push(row)
      bySplit.get(split)?.push(row)
    }
  }
  return { rows, bySplit, summary: run.tally.summarise() }
}

/** Rows without what says where they come from. */
export function withoutMeta(rows: readonly Row[]): Row[] {
  return rows.map(({ meta: _meta, ...row }) => row)
}
