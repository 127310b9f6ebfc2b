import { readRecords } from '../tabular/open-records.ts'
import { normaliseName } from './column-map.ts'
import type { ImportKind } from './import-kind.ts'
import type { ImportFile } from './record-source.ts'

const LOOKED_AT = 100

/**
 * The kinds that the first records of a file could be. Columns are enough to tell: one record of a hundred that has what
 * a kind needs makes it a candidate, and a file that fits two is for the operator to name.
 */
export async function detectKinds(
  { path }: ImportFile,
  kinds: readonly ImportKind[],
  maxRecordBytes: number,
): Promise<ImportKind[]> {
  const found = new Set<ImportKind>()
  let seen = 0
  for await (const records of readRecords(path, {
    maxRecordBytes,
    pickColumns: ({ columns }) => columns.slice(0, 1),
  })) {
    for (const record of records) {
      if (seen >= LOOKED_AT) break
      seen += 1
      if (record.kind === 'unreadable') continue
      const columns = new Set(record.shape.columns.map(normaliseName))
      for (const kind of kinds) if (kind.claims(columns)) found.add(kind)
    }
    if (seen >= LOOKED_AT) break
  }
  return kinds.filter((kind) => found.has(kind))
}
