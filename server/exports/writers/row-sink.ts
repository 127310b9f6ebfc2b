import type { Row } from '../columns.ts'
import type { Compression } from './compression.ts'

export const FILE_TYPES = ['jsonl', 'parquet', 'csv'] as const
export type FileType = (typeof FILE_TYPES)[number]

/** How rows become bytes. Parquet without a word on compression has the pages that every reader knows: snappy. */
export interface FileLayout {
  readonly type: FileType
  readonly compression: Compression | 'snappy'
}

/** Takes rows of one file; holds a bounded part of them. */
export interface RowSink {
  write(rows: readonly Row[]): Promise<void>
  end(): Promise<void>
}

/** `jsonl`, `jsonl.gz`, `parquet` … */
export function extensionOf({ type, compression }: FileLayout): string {
  if (type === 'parquet') return type
  return type + (compression === 'gzip' ? '.gz' : compression === 'zstd' ? '.zst' : '')
}
