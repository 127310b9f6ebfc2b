/**
 * An RFC 4180 reader of its own, strict: every text is quoted, so an unquoted cell is a number, a boolean or nothing.
 * Takes the mark off text cells that our own import takes off.
 */
export function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = []
  let at = 0
  let row: (string | null)[] = []
  while (at < text.length) {
    const cell = text[at] === '"' ? readQuoted(text, at) : readBare(text, at)
    row.push(cell.value)
    at = cell.end
    if (text[at] === ',') at += 1
    else {
      if (text.slice(at, at + 2) !== '\r\n')
        throw new Error(`a row ends with CR LF, not with ${JSON.stringify(text.slice(at, at + 9))}`)
      at += 2
      rows.push(row)
      row = []
    }
  }
  return rows
}

function readQuoted(text: string, start: number): { value: string; end: number } {
  let value = ''
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at)
    if (quote === -1) throw new Error('a quoted cell has no end')
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') return { value, end: quote + 1 }
    value += '"'
    at = quote + 2
  }
}

function readBare(text: string, start: number): { value: string | null; end: number } {
  const end = start + (/^[^,\r]*/.exec(text.slice(start, start + 400))?.[0].length ?? 0)
  return { value: end === start ? null : text.slice(start, end), end }
}

export function unshield(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell
}
