export type CsvCell = string | null

/** Words that programs write where there is no value. In quotes they are text. */
const NULL_WORDS = new Set(['', 'nan', 'null', 'NA'])

/**
 * Puts one record of a CSV file together, line by line: a cell in quotes may hold line ends. A cell is null when nothing
 * stands in it, not even quotes.
 */
export class CsvRecord {
  readonly #delimiter: string
  #cells: CsvCell[] = []
  /** Pieces of a cell whose closing quote is still to come. */
  #open: string[] | null = null
  #problem: string | null = null

  constructor(delimiter: string) {
    this.#delimiter = delimiter
  }

  /** What is wrong with the form of the record, once it is whole. */
  get problem(): string | null {
    return this.#problem
  }

  /** @returns the cells when the line ends the record, null when it goes on */
  push(line: string): CsvCell[] | null {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    if (this.#open === null && !text.includes('"')) return this.#take(text.split(this.#delimiter).map(plainCell))
    let at = this.#open === null ? 0 : this.#closeCell(line, text, 0)
    while (at >= 0 && at <= text.length) at = this.#readCell(line, text, at)
    return this.#open === null ? this.#take(this.#cells) : null
  }

  #take(cells: CsvCell[]): CsvCell[] {
    this.#cells = []
    return cells
  }

  /** @returns where the next cell begins; past the end when there is none */
  #readCell(line: string, text: string, at: number): number {
    if (text[at] === '"') {
      this.#open = []
      return this.#closeCell(line, text, at + 1)
    }
    const end = text.indexOf(this.#delimiter, at)
    this.#cells.push(plainCell(text.slice(at, end < 0 ? text.length : end)))
    return end < 0 ? text.length + 1 : end + this.#delimiter.length
  }

  /** Reads on inside quotes. Line ends in there belong to the text as they are, the CR too. */
  #closeCell(line: string, text: string, from: number): number {
    const pieces = this.#open ?? []
    for (let at = from; ;) {
      const quote = text.indexOf('"', at)
      if (quote < 0) {
        pieces.push(line.slice(at), '\n')
        this.#open = pieces
        return -1
      }
      pieces.push(text.slice(at, quote))
      if (text[quote + 1] !== '"') return this.#endCell(text, quote + 1, pieces)
      pieces.push('"')
      at = quote + 2
    }
  }

  #endCell(text: string, after: number, pieces: readonly string[]): number {
    this.#open = null
    this.#cells.push(pieces.join(''))
    if (after >= text.length) return text.length + 1
    if (text.startsWith(this.#delimiter, after)) return after + this.#delimiter.length
    this.#problem = `expected a delimiter after the closing quote of cell ${this.#cells.length}, got other text`
    return text.length + 1
  }
}

function plainCell(text: string): CsvCell {
  return text.length <= 4 && NULL_WORDS.has(text) ? null : text
}
