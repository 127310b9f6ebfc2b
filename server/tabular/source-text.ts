/** The unpacked bytes of a file, in UTF-8 without a byte order mark. */
export interface SourceText {
  readonly chunks: AsyncIterable<Buffer>
  /** Known at the end: the file was packed and ends too early, so that its last record cannot be trusted. */
  isCut(): boolean
}
