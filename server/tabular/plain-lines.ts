import { cutOff, isBlank, unreadableLine } from './json-lines.ts'
import type { ReadRecord } from './source-record.ts'
import type { SourceText } from './source-text.ts'
import { LineCutter, type TextLine } from './text-lines.ts'

/** Reads every line that is not blank as a record with one column. */
export async function* readPlainLines(
  source: SourceText,
  { maxRecordBytes, column }: { maxRecordBytes: number; column: string },
): AsyncGenerator<ReadRecord[]> {
  const cutter = new LineCutter(maxRecordBytes)
  const shape = { columns: [column], isWholeFile: true }
  const read = (line: TextLine): ReadRecord[] => {
    const { number, text } = line
    if (text === null) return [unreadableLine(line)]
    if (isBlank(text)) return []
    const value = text.endsWith('\r') ? text.slice(0, -1) : text
    return [{ kind: 'record', line: number, shape, values: [value], raw: text }]
  }
  for await (const chunk of source.chunks) {
    const records = cutter.push(chunk).flatMap(read)
    if (records.length > 0) yield records
  }
  const last = cutter.end()
  if (source.isCut()) yield [cutOff(cutter.count + (last ? 0 : 1), last?.text ?? null)]
  else if (last) yield read(last)
}
