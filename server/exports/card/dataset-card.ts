import type { ExportedModel, LogEnd } from '../../../db/store.ts'
import type { ExportQuery } from '../export-query.ts'
import type { ExportSummary, ExportTally } from '../export-tally.ts'
import { columnsOf } from '../formats/formats.ts'
import type { FileLayout } from '../writers/row-sink.ts'
import { describeCommand } from './command.ts'
import { describeFields } from './field-docs.ts'
import { findLicences, licenceTable, type AnswerLicences } from './licences.ts'
import { countTable, formatCount, formatShare, table, toPlainMarkdown } from './markdown.ts'
import { featureLines, quoteYaml } from './yaml.ts'

export interface WrittenFile {
  readonly split: string
  /** Within the folder, with `/`. */
  readonly name: string
  readonly sha256: string
  readonly sizeBytes: number
}

export interface CardFacts {
  readonly query: ExportQuery
  readonly layout: FileLayout
  readonly tally: ExportTally
  readonly summary: ExportSummary
  readonly files: readonly WrittenFile[]
  readonly models: readonly ExportedModel[]
  readonly logEnd: LogEnd
  /** Of Ringside. */
  readonly version: string
  /** Of the citation. */
  readonly year: number
}

/** README.md of a data set, ready for a hub: what it is, how it came about, what was left out, under which terms. */
export function toDatasetCard(facts: CardFacts): string {
  const licences = findLicences(facts.models, facts.tally.models.keys())
  return `---\n${headerLines(facts, licences).join('\n')}\n---\n\n${sections(facts, licences).join('\n\n')}\n`
}

function headerLines(facts: CardFacts, licences: AnswerLicences): string[] {
  const { query, tally, files, summary, layout } = facts
  const languages = [...tally.languages.keys()].filter((language) => /^[a-z]{2}$/.test(language)).toSorted()
  return [
    `pretty_name: ${quoteYaml(prettyName(query))}`,
    `license: ${licences.hub}`,
    ...(licences.hub === 'other' ? [`license_name: ${quoteYaml(licences.name)}`, 'license_link: LICENSE.md'] : []),
    ...(languages.length > 0 ? ['language:', ...languages.map((language) => `- ${quoteYaml(language)}`)] : []),
    'size_categories:',
    `- ${sizeCategory(summary.rows)}`,
    'task_categories:',
    '- text-generation',
    'annotations_creators:',
    '- crowdsourced',
    'source_datasets:',
    `- ${tally.sources.size === 0 ? 'original' : 'extended'}`,
    'tags:',
    ...tagsOf(query).map((tag) => `- ${tag}`),
    'configs:',
    '- config_name: default',
    '  data_files:',
    ...files.flatMap(({ split, name }) => [`  - split: ${quoteYaml(split)}`, `    path: ${quoteYaml(name)}`]),
    'dataset_info:',
    '  features:',
    ...featureLines(columnsOf(query), layout.type === 'parquet' ? 'timestamp' : 'string', '  '),
    '  splits:',
    ...files.flatMap(({ split, sizeBytes }) => [
      `  - name: ${quoteYaml(split)}`,
      `    num_bytes: ${sizeBytes}`,
      `    num_examples: ${summary.splits[split] ?? 0}`,
    ]),
  ]
}

function sections(facts: CardFacts, licences: AnswerLicences): string[] {
  const { query, tally } = facts
  return [
    `# ${prettyName(query)}`,
    `## What this is\n\n${WHAT[query.format]} Made by Ringside ${toPlainMarkdown(facts.version)}, a self-hosted arena in which people compare the answers of two models side by side.`,
    `## How it was collected\n\n${collected(tally)}`,
    `## Schema\n\n${table(
      ['field', 'meaning'],
      describeFields(query).map(([name, meaning]) => [`\`${name}\``, meaning]),
    )}`,
    `## Counts\n\n${counts(facts)}`,
    `## Agreement\n\n${agreement(tally)}`,
    `## Filters and command\n\n\`\`\`\n${describeCommand(query, facts.layout)}\n\`\`\``,
    `## Masking\n\n${masking(facts)}`,
    `## Licences of answers per model\n\n${licenceTable(licences)}`,
    `## Known limits\n\n${limits(query)}`,
    `## Version\n\n${versionText(facts)}`,
    `## Citation\n\n${citation(facts)}`,
  ]
}

const WHAT: Readonly<Record<ExportQuery['format'], string>> = {
  dpo: 'Pairs of answers to one prompt, the better one and the worse one, in the preference layout of TRL.',
  kto: 'Single answers marked as good or bad, in the unpaired layout of TRL. The order of the rows matters: the two answers of one battle are kept 64 battles apart.',
  reward: 'Pairs of whole conversations, the better one and the worse one, for reward models, in the layout of TRL.',
  openai: 'Pairs of answers to one prompt in the layout of preference fine-tuning services.',
  llamafactory:
    'Pairs of answers to one prompt in the ranking layout of LLaMA-Factory; `dataset_info.json` registers the files.',
  axolotl: 'Pairs of answers to one prompt in the layout of Axolotl.',
  ultrafeedback:
    'Pairs of answers to one prompt with a score for each, in the columns of UltraFeedback-binarized. The scores are shares of points in the battle, not marks of a rater.',
  rank: 'Lists of answers to one prompt in the order in which votes put them; 0 is the best rank.',
  sft: 'Conversations that end with an answer which people preferred.',
  votes: 'The log of votes in the public arena layout.',
  battles: 'Battles with both answers and all votes that count, one row each.',
}

function collected(tally: ExportTally): string {
  const arenas = [...tally.arenas].toSorted().map(toPlainMarkdown).join(', ') || 'none'
  const period = Number.isFinite(tally.firstVoteAt)
    ? `${toDate(tally.firstVoteAt)} to ${toDate(tally.lastVoteAt)}`
    : 'no votes'
  const sources = [...tally.sources].toSorted().map(toPlainMarkdown).join(', ')
  return [
    `- Arena: ${arenas}`,
    `- Period: ${period}`,
    '- Blind: voters saw two answers without names; votes cast after the names were known, and battles in which an answer named its model, are in no pair',
    `- Voters: ${formatCount(tally.judges)}, with ${formatCount(tally.votes)} votes in this data set`,
    ...(sources === '' ? [] : [`- Imported from: ${sources}`]),
  ].join('\n')
}

function counts({ tally, summary }: CardFacts): string {
  const quantiles = [0.5, 0.9, 0.99, 1]
  const lengths = (['prompt', 'answer'] as const).map((name) => [
    name,
    ...quantiles.map((share) => formatCount(tally.lengths[name].quantile(share))),
  ])
  return [
    `${formatCount(summary.units)} units, ${formatCount(summary.kept)} kept, ${formatCount(summary.dropped)} dropped, ${formatCount(summary.rows)} rows.`,
    ...(summary.dropped === 0 ? [] : [countTable('dropped because', Object.entries(summary.by_reason))]),
    countTable('split', Object.entries(summary.splits)),
    countTable('category', tally.categories),
    countTable('language', tally.languages),
    `Length in characters (long ones to within 1 %):\n\n${table(['', '50 %', '90 %', '99 %', 'longest'], lengths)}`,
  ].join('\n\n')
}

function agreement({ agreement: { sum, judgedOften, unanimous }, kept }: ExportTally): string {
  if (kept === 0) return 'There is nothing to agree about.'
  if (sum === 0) return 'Every row is one vote; agreement is a matter of whoever groups them.'
  const often = judgedOften === 0 ? 'none of them' : `${formatCount(judgedOften)} of them`
  return [
    `Mean share of the commonest outcome per unit: ${formatShare(sum / kept)}.`,
    `Judged by more than one voter: ${often}.`,
    ...(judgedOften === 0 ? [] : [`Of those, unanimous: ${formatShare(unanimous / judgedOften)}.`]),
  ].join(' ')
}

function masking({ query, summary }: CardFacts): string {
  if (!query.maskPii) return 'Off: texts are as people and models wrote them.'
  const kinds = Object.entries(summary.masked)
  const rules =
    'Addresses of e-mail, telephone numbers, card numbers with a right check digit, IP addresses and keys of known shapes were replaced by `[EMAIL]`, `[PHONE]`, `[CARD]`, `[IP]`, `[KEY]`. Rules find what has a form; names and addresses of people have none and may remain.'
  return kinds.length === 0 ? `${rules} Nothing was found.` : `${rules}\n\n${countTable('replaced', kinds)}`
}

function limits({ format, dedup, turns }: ExportQuery): string {
  return [
    '- Votes are judgements of the people who came, not of a sample of anybody.',
    '- Models may have changed behind their names during the period.',
    ...(format === 'votes' || format === 'battles'
      ? []
      : [
          `- Turns: ${turns === 'last' ? 'the last voted turn of each battle' : 'every voted turn'}. Repetitions: ${DEDUP[dedup]}.`,
        ]),
    ...(format === 'llamafactory' ? ['- LLaMA-Factory reads neither `.jsonl.gz` nor `.jsonl.zst`.'] : []),
    ...(format === 'ultrafeedback'
      ? ['- Delete the column `prompt` before training with TRL: it is a string beside lists of messages.']
      : []),
  ].join('\n')
}

const DEDUP: Readonly<Record<ExportQuery['dedup'], string>> = {
  exact: 'of equal rows the first stayed',
  near: 'of equal and nearly equal rows (same answers, word 3-grams of the prompts with Jaccard ≥ 0.8) the first stayed',
  none: 'kept',
}

function versionText({ logEnd, files, version }: CardFacts): string {
  return [
    `- Position in the vote log: ${logEnd.cursor === null ? 'empty log' : `\`${logEnd.cursor}\``} (${formatCount(logEnd.entries)} entries)`,
    ...files.map(({ name, sha256 }) => `- \`${name}\`: SHA-256 \`${sha256}\``),
    `- Ringside ${toPlainMarkdown(version)}`,
  ].join('\n')
}

function citation({ query, year, files, version }: CardFacts): string {
  const key = files[0]?.sha256.slice(0, 8) ?? 'empty'
  return [
    '```bibtex',
    `@misc{ringside_${query.format}_${key},`,
    `  title = {${prettyName(query)}},`,
    `  year = {${year}},`,
    `  note = {Collected with Ringside ${version.replace(/[^\w.-]/g, '')}, SHA-256 ${files[0]?.sha256 ?? 'none'}}`,
    '}',
    '```',
  ].join('\n')
}

function prettyName({ format }: ExportQuery): string {
  return `Ringside ${format}`
}

function tagsOf({ format }: ExportQuery): string[] {
  const trl = ['dpo', 'kto', 'reward', 'sft'].includes(format) ? ['trl'] : []
  const dpo = ['dpo', 'openai', 'llamafactory', 'axolotl', 'ultrafeedback'].includes(format) ? ['dpo'] : []
  return ['preference', 'human-feedback', 'ringside', ...dpo, ...trl]
}

/** In the hub's steps. */
function sizeCategory(rows: number): string {
  const steps = [
    [1e3, 'n<1K'],
    [1e4, '1K<n<10K'],
    [1e5, '10K<n<100K'],
    [1e6, '100K<n<1M'],
    [1e7, '1M<n<10M'],
    [1e8, '10M<n<100M'],
  ] as const
  return steps.find(([limit]) => rows < limit)?.[1] ?? '100M<n<1B'
}

function toDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
