import { defaultQuery, type ExportQuery } from '../export-query.ts'
import type { FileLayout } from '../writers/row-sink.ts'

/** The command that makes the same rows from the same log, with every option that is not at its default. */
export function describeCommand(query: ExportQuery, { type, compression }: FileLayout): string {
  const usual = defaultQuery(query.format)
  const { filter } = query
  const options: string[] = [
    ...filter.arenas.flatMap((name) => ['--arena', name]),
    ...filter.categories.flatMap((name) => ['--category', name]),
    ...filter.languages.flatMap((name) => ['--language', name]),
    ...filter.models.flatMap((name) => ['--model', name]),
    ...filter.excludedModels.flatMap((name) => ['--exclude-model', name]),
    ...(filter.since === null ? [] : ['--since', new Date(filter.since).toISOString()]),
    ...(filter.until === null ? [] : ['--until', new Date(filter.until).toISOString()]),
    ...differing('--ties', query.ties, usual.ties),
    ...differing('--both-bad', query.bothBad, usual.bothBad),
    ...differing('--min-votes', query.minVotes, usual.minVotes),
    ...differing('--min-agreement', query.minAgreement, usual.minAgreement),
    ...differing('--turns', query.turns, usual.turns),
    ...differing('--margin', query.margin, usual.margin),
    ...differing('--split', describeSplits(query), describeSplits(usual)),
    ...differing('--seed', query.seed, usual.seed),
    ...differing('--dedup', query.dedup, usual.dedup),
    ...differing('--mask-pii', onOff(query.maskPii), onOff(usual.maskPii)),
    ...(query.implicitPrompt ? ['--implicit-prompt'] : []),
    ...(query.text ? ['--text'] : []),
    ...differing('--type', type, 'jsonl'),
    ...differing('--compress', compression, type === 'parquet' ? 'snappy' : 'none'),
  ]
  return ['ringside', 'export', query.format, ...options].map(quoteWord).join(' ')
}

function differing(option: string, value: string | number, usual: string | number): string[] {
  return value === usual ? [] : [option, String(value)]
}

function describeSplits({ splits }: ExportQuery): string {
  return splits.map(({ name, share }) => `${name}=${share}`).join(',')
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off'
}

/** One word of a shell on one line, and no end of the block that it stands in. */
function quoteWord(word: string): string {
  const line = word.replace(/[\p{Cc}`\u2028\u2029]+/gu, ' ')
  return /^[\w.,=:/+-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`
}
