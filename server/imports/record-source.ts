import { BrokenFileError } from '../tabular/read-fault.ts'
import { readRecords } from '../tabular/open-records.ts'
import type { ReadRecord, RawRecord, Shape } from '../tabular/source-record.ts'
import { ColumnMap } from './column-map.ts'
import type { ImportKind, ReadingContext, Understood } from './import-kind.ts'
import { RecordFields } from './record-fields.ts'
import { Refusal, type Complaint } from './refusal.ts'

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
  readonly outcome: Understood | Complaint
}

export interface Reading {
  readonly kind: ImportKind
  /** Columns that the operator named, by field. */
  readonly chosen: ReadonlyMap<string, string>
  readonly maxRecordBytes: number
}

/** Reads a file as records of a kind, some at a time. */
export async function* understandFile(file: ImportFile, reading: Reading): AsyncGenerator<UnderstoodRecord[]> {
  const map = new ColumnMap(reading.kind.fields, reading.chosen)
  const context: ReadingContext = {
    source: file.source,
    isChosen: (field) => map.isChosen(field),
    gathering: await gatherFile(file, reading, map),
  }
  for await (const records of readFile(file, reading, map)) {
    yield records.map((record) => understand(record, { kind: reading.kind, map, context }))
  }
}

/** A kind that needs to know the whole file before its first record reads it twice. */
async function gatherFile(file: ImportFile, reading: Reading, map: ColumnMap): Promise<unknown> {
  const { kind } = reading
  if (!kind.newGathering || !kind.gather) return null
  const gathering = kind.newGathering()
  for await (const records of readFile(file, reading, map)) {
    for (const record of records) {
      if (record.kind === 'unreadable') continue
      try {
        kind.gather(new RecordFields(map.bind(record.shape), record), gathering)
      } catch (error) {
        // It is complained about when it is read.
        if (!(error instanceof Refusal)) throw error
      }
    }
  }
  return gathering
}

function readFile({ name, path }: ImportFile, { kind, maxRecordBytes }: Reading, map: ColumnMap) {
  const isLines = kind.linesAs !== undefined && /\.txt(?:\.gz|\.zst)?$/i.test(name)
  return readRecords(path, {
    maxRecordBytes,
    ...(isLines ? { linesAs: kind.linesAs } : {}),
    pickColumns: (shape) => map.columnsOf(shape),
  })
}

function understand(
  record: ReadRecord,
  { kind, map, context }: { kind: ImportKind; map: ColumnMap; context: ReadingContext },
): UnderstoodRecord {
  const { line, raw } = record
  if (record.kind === 'unreadable') return { line, raw, outcome: record.fault }
  if (record.shape.isWholeFile) checkColumns(record.shape, map)
  try {
    return { line, raw, outcome: kind.read(new RecordFields(map.bind(record.shape), record), context) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { reason, field, message } = error
    return { line, raw, outcome: { reason, field, message } }
  }
}

/** A table without a column that every record needs is the wrong table, or needs `--map`. */
function checkColumns(shape: Shape, map: ColumnMap): void {
  const missing = map.findMissing(shape)
  if (!missing) return
  const names = missing.aliases.join(', ')
  throw new BrokenFileError(
    `1: ${missing.name}: expected a column ${names}, got ${shape.columns.join(', ')} (missing_field; --map ${missing.name}=COLUMN names another)`,
  )
}
