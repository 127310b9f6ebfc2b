import type { ExportedModel } from '../../../db/store.ts'
import { table, toPlainMarkdown } from './markdown.ts'

/** Identifiers of licences as the hub spells them: SPDX in lower case, with a few of its own. */
const KNOWN = new Set([
  'apache-2.0',
  'mit',
  'bsd-2-clause',
  'bsd-3-clause',
  'cc-by-4.0',
  'cc-by-sa-4.0',
  'cc-by-nc-4.0',
  'cc-by-nc-sa-4.0',
  'cc0-1.0',
  'gpl-3.0',
  'lgpl-3.0',
  'agpl-3.0',
  'mpl-2.0',
  'openrail',
  'bigscience-openrail-m',
  'llama2',
  'llama3',
  'llama3.1',
  'llama3.2',
  'llama3.3',
  'gemma',
])

export interface AnswerLicences {
  /** In the hub's words: one identifier, `unknown`, or `other` for several. */
  readonly hub: string
  /** Short name, for `other`. */
  readonly name: string
  readonly rows: readonly (readonly [model: string, licence: string | null])[]
}

/** The licences under which the answers in a data set come: those of the models whose answers are in it. */
export function findLicences(models: readonly ExportedModel[], inRows: Iterable<string>): AnswerLicences {
  const licenceOf = new Map(models.map(({ name, license }) => [name, license]))
  const rows = [...inRows].toSorted().map((name) => [name, licenceOf.get(name) ?? null] as const)
  const distinct = [...new Set(rows.map(([, licence]) => licence))]
  const [only] = distinct
  if (distinct.length !== 1 || only === undefined) {
    const hub = distinct.length === 0 ? 'unknown' : 'other'
    return { hub, name: 'several-licences', rows }
  }
  if (only === null) return { hub: 'unknown', name: 'unknown', rows }
  const identifier = only.trim().toLowerCase()
  return KNOWN.has(identifier) ? { hub: identifier, name: identifier, rows } : { hub: 'other', name: only, rows }
}

export function licenceTable({ rows }: AnswerLicences): string {
  return table(
    ['model', 'licence of its answers'],
    rows.map(([model, licence]) => [
      toPlainMarkdown(model),
      licence === null ? 'not stated' : toPlainMarkdown(licence),
    ]),
  )
}

/** `LICENSE.md`, to which a card points whose answers come under several licences or one that the hub does not know. */
export function licenceText(licences: AnswerLicences): string {
  return [
    '# Licences',
    'The answers in this data set were written by the models below and come under the terms of each of them. Prompts and judgements come under the terms of the people who run the arena.',
    licenceTable(licences),
    '',
  ].join('\n\n')
}
