import { open, type FileHandle } from 'node:fs/promises'
import { parquetMetadataAsync, parquetRead, parquetSchema, type AsyncBuffer, type FileMetaData } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { BadLineError } from './bad-line.ts'
import { planRow, type RowPlan, type Wanted } from './row-plan.ts'
import { ValueCells } from './value-cells.ts'
import type { VoteRows } from './vote-rows.ts'

/** Rows decoded at a time, at least; never a part of a row group, whose columns would be decoded once for each part. */
const BATCH = 131_072

/** Reads votes from Parquet, a few row groups at a time; columns that are not needed are not decoded. */
export async function readParquetVotes(
  path: string,
  { rows, wanted, onProgress }: { rows: VoteRows; wanted: Wanted; onProgress: (share: number) => void },
): Promise<void> {
  const handle = await open(path, 'r')
  try {
    const file = await bufferOf(handle)
    const metadata = await parquetMetadataAsync(file)
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name)
    const plan = planRow(columns, wanted, 1)
    const total = Number(metadata.num_rows)
    for (const { start, end } of batchesOf(metadata)) {
      await readBatch({ file, metadata, columns, plan, start, end }, rows)
      onProgress(end / total)
    }
  } catch (error) {
    if (error instanceof BadLineError || isSystemError(error)) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new BadLineError(undefined, 'record', `expected Parquet that can be read, got ${reason}`)
  } finally {
    await handle.close()
  }
}

/** Whole row groups, small ones together. */
function batchesOf({ row_groups }: FileMetaData): { start: number; end: number }[] {
  const batches: { start: number; end: number }[] = []
  let start = 0
  let end = 0
  for (const group of row_groups) {
    end += Number(group.num_rows)
    if (end - start < BATCH) continue
    batches.push({ start, end })
    start = end
  }
  return end > start ? [...batches, { start, end }] : batches
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat()
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(end - start)
      await handle.read(bytes, 0, bytes.length, start)
      return bytes.buffer
    },
  }
}

interface Batch {
  readonly file: AsyncBuffer
  readonly metadata: FileMetaData
  readonly columns: readonly string[]
  readonly plan: RowPlan
  readonly start: number
  readonly end: number
}

/** Columns arrive in pieces, which may reach over both ends of the batch. */
async function readBatch({ file, metadata, columns, plan, start, end }: Batch, rows: VoteRows): Promise<void> {
  const wanted = [...new Set([...Object.values(plan.columns), plan.cluster])].filter((column) => column >= 0)
  const values = new Map(wanted.map((column) => [columns[column] ?? '', Array.from<unknown>({ length: end - start })]))
  await parquetRead({
    file,
    metadata,
    columns: [...values.keys()],
    rowStart: start,
    rowEnd: end,
    compressors,
    onChunk: ({ columnName, columnData, rowStart }) => {
      const target = values.get(columnName)
      if (!target) return
      for (let k = Math.max(0, start - rowStart); k < columnData.length && rowStart + k < end; k++) {
        target[rowStart + k - start] = columnData[k]
      }
    },
  })
  const cells = new ValueCells()
  const row: unknown[] = columns.map(() => undefined)
  cells.values = row
  const pairs = wanted.map((column) => ({ column, from: values.get(columns[column] ?? '') ?? [] }))
  for (let k = 0; k < end - start; k++) {
    for (const { column, from } of pairs) row[column] = from[k]
    cells.line = start + k + 1
    rows.add(cells, plan)
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
