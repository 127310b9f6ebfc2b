import { parseJsonRecord } from './json-record.ts'
import type { ReadFault } from './read-fault.ts'
import { ShapeTable, type RawRecord, type ReadRecord } from './source-record.ts'
import type { SourceText } from './source-text.ts'
import { LineCutter, type TextLine } from './text-lines.ts'

/** Reads one record a line. Empty lines count as nothing, but they count. */
export async function* readJsonLines(
  source: SourceText,
  { maxRecordBytes }: { maxRecordBytes: number },
): AsyncGenerator<ReadRecord[]> {
  const cutter = new LineCutter(maxRecordBytes)
  const shapes = new ShapeTable()
  for await (const chunk of source.chunks) {
    const records = cutter.push(chunk).flatMap((line) => readLine(line, shapes))
    if (records.length > 0) yield records
  }
  const last = cutter.end()
  if (source.isCut()) yield [cutOff(cutter.count + (last ? 0 : 1), last?.text ?? null)]
  else if (last) yield readLine(last, shapes)
}

function readLine(line: TextLine, shapes: ShapeTable): ReadRecord[] {
  const { number, text } = line
  if (text === null) return [unreadableLine(line)]
  if (isBlank(text)) return []
  const record = readJsonText(text, { line: number, shapes })
  const isCutOff = !line.isEnded && record.kind === 'unreadable' && record.fault.reason === 'bad_json'
  return [isCutOff ? cutOff(number, text) : record]
}

export function isBlank(text: string): boolean {
  return text === '' || text.trim() === ''
}

/** The record that a text holds; it must be an object. */
export function readJsonText(text: string, { line, shapes }: { line: number; shapes: ShapeTable }): ReadRecord {
  const result = parseJsonRecord(text)
  if (result.fault) return unreadable(line, result.fault, text)
  const { value } = result
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const got = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`
    return unreadable(line, { reason: 'bad_json', field: 'record', message: `expected an object, got ${got}` }, text)
  }
  return { kind: 'record', line, shape: shapes.get(Object.keys(value)), values: Object.values(value), raw: text }
}

export function unreadable(line: number, fault: ReadFault, raw: RawRecord): ReadRecord {
  return { kind: 'unreadable', line, fault, raw }
}

export function cutOff(line: number, raw: RawRecord): ReadRecord {
  const message = 'expected a whole record, got one that the end of the file cuts off'
  return unreadable(line, { reason: 'truncated', field: 'record', message }, raw)
}

export function unreadableLine({ number, problem, bytes }: TextLine): ReadRecord {
  return unreadable(number, problem === 'too-long' ? TOO_LONG : NOT_UTF_8, bytes)
}

export const TOO_LONG: ReadFault = {
  reason: 'line_too_long',
  field: 'record',
  message: 'expected a record within the size limit, got a longer one',
}

export const NOT_UTF_8: ReadFault = {
  reason: 'bad_encoding',
  field: 'record',
  message: 'expected UTF-8, got other bytes',
}
