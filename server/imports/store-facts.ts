import type { Store } from '../../db/store.ts'
import type { ImportedFact } from './imported-facts.ts'
import { newSummary, type ImportSummary } from './import-summary.ts'
import { ImportWriter, toTarget } from './import-writer.ts'
import { DEFAULT_ARENA } from './waiting-records.ts'

export interface StoreFactsOptions {
  readonly store: Store
  readonly arena?: string
  readonly source: string
  readonly now: () => number
}

/** Brings facts that are in memory already into a store, exactly as a file that says the same would. */
export async function storeFacts(
  facts: Iterable<ImportedFact>,
  { store, arena = DEFAULT_ARENA, source, now }: StoreFactsOptions,
): Promise<ImportSummary> {
  const summary = newSummary({ kind: 'facts', arena, source, files: 0, dry_run: false })
  const writer = new ImportWriter({ target: toTarget(store), arena, source, hasAddresses: false, summary, now })
  await writer.open()
  for (const fact of facts) {
    summary.read += 1
    if (writer.add([fact], source) === 'full') await writer.flush()
  }
  await writer.flush()
  return summary
}
