import { CsvRecord, type CsvCell } from './csv-record.ts'
import { cutOff, isBlank, unreadable, unreadableLine } from './json-lines.ts'
import { BrokenFileError } from './read-fault.ts'
import type { ReadRecord, Shape } from './source-record.ts'
import type { SourceText } from './source-text.ts'
import { LineCutter, type TextLine } from './text-lines.ts'

/** On a tie the first: a tab stands in no name. */
const DELIMITERS = ['\t', ',', ';']

/** Marks a file that Ringside wrote, whose text cells are shielded against spreadsheets. */
const OWN_FIRST_COLUMN = 'schema_version'

/** Reads a table: a header, then one record a row. */
export async function* readCsv(
  source: SourceText,
  { maxRecordBytes }: { maxRecordBytes: number },
): AsyncGenerator<ReadRecord[]> {
  const cutter = new LineCutter(maxRecordBytes)
  const rows = new RowReader(maxRecordBytes)
  for await (const chunk of source.chunks) {
    const records: ReadRecord[] = []
    for (const line of cutter.push(chunk)) rows.push(line, records)
    if (records.length > 0) yield records
  }
  const records: ReadRecord[] = []
  const last = cutter.end()
  if (last && !source.isCut()) rows.push(last, records)
  rows.end(records, source.isCut() ? { line: cutter.count + (last ? 0 : 1), text: last?.text ?? null } : null)
  yield records
}

interface Header {
  readonly shape: Shape
  readonly isOwn: boolean
}

class RowReader {
  readonly #maxChars: number
  #record: CsvRecord | null = null
  #delimiter = ','
  #header: Header | null = null
  /** Lines of the record that is being put together. */
  #lines: string[] = []
  #chars = 0
  #startLine = 0

  constructor(maxChars: number) {
    this.#maxChars = maxChars
  }

  push(line: TextLine, records: ReadRecord[]): void {
    if (line.text === null) return this.#giveUp(line, records)
    const isNew = this.#lines.length === 0
    if (isNew && isBlank(line.text)) return
    if (isNew) this.#startLine = line.number
    this.#record ??= this.#begin(line.text)
    this.#lines.push(line.text)
    this.#chars += line.text.length
    const cells = this.#record.push(line.text)
    if (cells) this.#finish(cells, line.isEnded, records)
    else if (this.#chars > this.#maxChars) this.#giveUp({ ...line, problem: 'too-long' }, records)
  }

  /** At the end of the file: quotes that nobody closed cut a record off. */
  end(records: ReadRecord[], cut: { line: number; text: string | null } | null): void {
    if (this.#lines.length > 0) records.push(cutOff(this.#startLine, this.#takeRaw()))
    else if (cut) records.push(cutOff(cut.line, cut.text))
    if (!this.#header) throw new BrokenFileError('expected a header and records, got no header')
  }

  #begin(firstLine: string): CsvRecord {
    this.#delimiter = pickDelimiter(firstLine)
    return new CsvRecord(this.#delimiter)
  }

  #finish(cells: CsvCell[], isEnded: boolean, records: ReadRecord[]): void {
    const problem = this.#record?.problem ?? null
    const raw = this.#takeRaw()
    if (problem !== null) this.#record = new CsvRecord(this.#delimiter)
    if (!this.#header) {
      if (problem !== null) throw new BrokenFileError(`in the header: ${problem}`)
      this.#header = toHeader(cells)
      return
    }
    const { shape, isOwn } = this.#header
    const line = this.#startLine
    if (cells.length !== shape.columns.length && !isEnded) records.push(cutOff(line, raw))
    else if (problem !== null)
      records.push(unreadable(line, { reason: 'bad_value', field: 'record', message: problem }, raw))
    else if (cells.length !== shape.columns.length) {
      const message = `expected ${shape.columns.length} cells, got ${cells.length}`
      records.push(unreadable(line, { reason: 'bad_value', field: 'record', message }, raw))
    } else records.push({ kind: 'record', line, shape, values: isOwn ? cells.map(unshield) : cells, raw })
  }

  /** A line that is no text spoils the record it stands in; the next line begins another one. */
  #giveUp(line: TextLine, records: ReadRecord[]): void {
    if (!this.#header) throw new BrokenFileError('expected a header in UTF-8, got other bytes')
    const number = this.#lines.length > 0 ? this.#startLine : line.number
    this.#takeRaw()
    this.#record = new CsvRecord(this.#delimiter)
    records.push(unreadableLine({ ...line, number }))
  }

  #takeRaw(): string {
    const raw = this.#lines.length === 1 ? (this.#lines[0] ?? '') : this.#lines.join('\n')
    this.#lines = []
    this.#chars = 0
    return raw
  }
}

/** The one that stands most often between the names; names in quotes do not count. */
function pickDelimiter(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '')
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length - 1 }))
  const [best] = counts.toSorted((one, other) => other.count - one.count)
  return best && best.count > 0 ? best.delimiter : ','
}

function toHeader(cells: readonly CsvCell[]): Header {
  const columns = cells.map((cell) => cell ?? '')
  const duplicate = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index)
  if (duplicate !== undefined) {
    throw new BrokenFileError(`expected each column once, got "${duplicate}" twice (duplicate_key)`)
  }
  return { shape: { columns, isWholeFile: true }, isOwn: columns[0] === OWN_FIRST_COLUMN }
}

function unshield(cell: CsvCell): CsvCell {
  return cell?.startsWith("'") ? cell.slice(1) : cell
}
