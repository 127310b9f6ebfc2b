import type { ExportSummary } from './export-tally.ts'

/** The summary for people. */
export function toSummaryText({ format, dry_run, ...summary }: ExportSummary): string {
  const lines = [
    `${format}: ${count(summary.units)} units, ${count(summary.kept)} kept, ${count(summary.dropped)} dropped, ${count(summary.rows)} rows${dry_run ? '; nothing was written' : ''}`,
    ...section('dropped', summary.by_reason),
    ...(Object.keys(summary.splits).length > 1 ? section('split', summary.splits) : []),
    ...section('masked', summary.masked),
    ...Object.entries(summary.files).map(([name, sha256]) => `  ${toTerminalText(name)}  sha256 ${sha256}`),
  ]
  return `${lines.join('\n')}\n`
}

function section(title: string, counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).map(([name, value]) => `  ${title} ${name.padEnd(16)} ${count(value).padStart(12)}`)
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** Text from outside on a terminal: control characters are shown, not obeyed. */
export function toTerminalText(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
