import type { Complaint, SkipReason } from './refusal.ts'

/** What one run did, as `--json` prints it. Records are counted, not what they make. */
export interface ImportSummary {
  readonly kind: string
  readonly arena: string
  readonly source: string
  readonly files: number
  read: number
  imported: number
  duplicates: number
  skipped: number
  rejected: number
  /** Of skipped and rejected records. */
  readonly by_reason: Record<string, number>
  models_created: number
  prompts_created: number
  answers_created: number
  battles_created: number
  votes_created: number
  readonly dry_run: boolean
}

export function newSummary(
  about: Pick<ImportSummary, 'kind' | 'arena' | 'source' | 'files' | 'dry_run'>,
): ImportSummary {
  const { kind, arena, source, files, dry_run } = about
  return {
    kind,
    arena,
    source,
    files,
    read: 0,
    imported: 0,
    duplicates: 0,
    skipped: 0,
    rejected: 0,
    by_reason: {},
    models_created: 0,
    prompts_created: 0,
    answers_created: 0,
    battles_created: 0,
    votes_created: 0,
    dry_run,
  }
}

export function countReason(summary: ImportSummary, reason: Complaint['reason'] | SkipReason): void {
  summary.by_reason[reason] = (summary.by_reason[reason] ?? 0) + 1
}

/** The summary as a person reads it. */
export function toTable(summary: ImportSummary): string {
  const { by_reason: byReason, dry_run: dryRun, ...rest } = summary
  const rows = Object.entries(rest).map(([name, value]): [string, string] => [
    name.replaceAll('_', ' '),
    typeof value === 'number' ? value.toLocaleString('en') : value,
  ])
  const reasons = Object.entries(byReason).map(([name, count]): [string, string] => [
    `  ${name}`,
    count.toLocaleString('en'),
  ])
  const all = [...rows, ...reasons]
  const width = Math.max(...all.map(([name]) => name.length))
  const lines = all.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`)
  return `${dryRun ? 'Nothing was written: this was a dry run.\n' : ''}${lines.join('')}`
}
