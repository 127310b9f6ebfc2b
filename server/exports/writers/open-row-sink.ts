import type { Column } from '../columns.ts'
import type { ByteTarget } from './byte-target.ts'
import { CompressedTarget } from './compression.ts'
import { CsvSink } from './csv-sink.ts'
import { JsonlSink } from './jsonl-sink.ts'
import { ParquetSink } from './parquet-sink.ts'
import type { FileLayout, RowSink } from './row-sink.ts'

export function openRowSink(
  columns: readonly Column[],
  { type, compression }: FileLayout,
  target: ByteTarget,
): RowSink {
  if (type === 'parquet') return new ParquetSink(columns, compression, target)
  const bytes = compression === 'gzip' || compression === 'zstd' ? new CompressedTarget(compression, target) : target
  return type === 'csv' ? new CsvSink(columns, bytes) : new JsonlSink(columns, bytes)
}
