import { BrokenFileError } from '../tabular/read-fault.ts'
import { readRecords } from '../tabular/open-records.ts'
import type { ReadRecord, RawRecord, Shape } from '../tabular/source-record.ts'
import type { ColumnMap } from './column-map.ts'
import type { ImportedFact, ImportKind } from './import-kind.ts'
import { RecordFields } from './record-fields.ts'
import { Refusal, type Complaint, type SkipReason } from './refusal.ts'

/** One input of the command. */
export interface ImportFile {
  /** As the operator wrote it. */
  readonly name: string
  /** Where it is read from; another place when it came through stdin. */
  readonly path: string
  readonly source: string
}

/** A record and what became of it. */
export interface UnderstoodRecord {
  readonly line: number
  readonly raw: RawRecord
  readonly outcome: ImportedFact | SkipReason | { readonly complaint: Complaint }
}

export const DEFAULT_MAX_RECORD_BYTES = 64 * 1024 * 1024

/** Reads a file as records of a kind, some at a time. */
export async function* understandFile(
  file: ImportFile,
  { kind, map }: { kind: ImportKind; map: ColumnMap },
): AsyncGenerator<UnderstoodRecord[]> {
  for await (const records of readRecords(file.path, { maxRecordBytes: DEFAULT_MAX_RECORD_BYTES })) {
    yield records.map((record) => understand(record, kind, map))
  }
}

function understand(record: ReadRecord, kind: ImportKind, map: ColumnMap): UnderstoodRecord {
  const { line, raw } = record
  if (record.kind === 'unreadable') return { line, raw, outcome: { complaint: record.fault } }
  const bound = map.bind(record.shape)
  if (record.shape.isWholeFile) checkColumns(record.shape, map)
  try {
    return { line, raw, outcome: kind.read(new RecordFields(bound, record.values)) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { reason, field, message } = error
    return { line, raw, outcome: { complaint: { reason, field, message } } }
  }
}

/** A table without a column that every record needs is the wrong table, or needs `--map`. */
function checkColumns(shape: Shape, map: ColumnMap): void {
  const bound = map.bind(shape)
  const missing = map.specs.find(({ name, isRequired }) => isRequired && !bound.has(name))
  if (!missing) return
  const names = missing.aliases.join(', ')
  throw new BrokenFileError(
    `1: ${missing.name}: expected a column ${names}, got ${shape.columns.join(', ')} (missing_field; --map ${missing.name}=COLUMN names another)`,
  )
}
