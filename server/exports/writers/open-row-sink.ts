import type { Column } from '../columns.ts'
import type { ByteTarget } from './byte-target.ts'
import { CompressedTarget } from './compression.ts'
import { csvHeader, csvWriter } from './csv-row.ts'
import { jsonWriter } from './json-row.ts'
import { ParquetSink } from './parquet-sink.ts'
import type { FileLayout, RowSink } from './row-sink.ts'
import { TextSink } from './text-sink.ts'

export function openRowSink(
  columns: readonly Column[],
  { type, compression }: FileLayout,
  target: ByteTarget,
): RowSink {
  if (type === 'parquet') return new ParquetSink(columns, compression, target)
  const bytes = compression === 'gzip' || compression === 'zstd' ? new CompressedTarget(compression, target) : target
  if (type === 'csv') return new TextSink(csvWriter(columns), bytes, csvHeader(columns))
  const write = jsonWriter(columns)
  return new TextSink((row) => `${write(row)}\n`, bytes)
}
