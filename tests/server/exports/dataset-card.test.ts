import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { quoteYaml } from '../../../server/exports/card/yaml.ts'
import { toPlainMarkdown } from '../../../server/exports/card/markdown.ts'
import { FORMAT_NAMES } from '../../../server/exports/export-query.ts'
import { makeScratchFolder } from '../../support/scratch-folder.ts'
import { anyText } from './arbitrary-battles.ts'
import { aBattle, aTurn, votesFor } from './battle-makers.ts'
import { run } from './command-line.ts'
import { MemorySource, type RememberedBattle } from './memory-source.ts'

const scratch = makeScratchFolder()
afterAll(() => scratch.remove())

const Feature: z.ZodType<unknown> = z.lazy(() => z.object({ name: z.string() }).loose())
/** The keys that the hub knows, and the values it takes. */
const Head = z.strictObject({
  pretty_name: z.string(),
  license: z.string(),
  license_name: z.string().optional(),
  license_link: z.literal('LICENSE.md').optional(),
  language: z.array(z.string().regex(/^[a-z]{2}$/)).optional(),
  size_categories: z.tuple([z.string()]),
  task_categories: z.tuple([z.literal('text-generation')]),
  annotations_creators: z.array(z.enum(['crowdsourced', 'expert-generated'])),
  source_datasets: z.array(z.enum(['original', 'extended'])),
  tags: z.array(z.string()),
  configs: z.tuple([
    z.strictObject({
      config_name: z.literal('default'),
      data_files: z.array(z.strictObject({ split: z.string(), path: z.string() })),
    }),
  ]),
  dataset_info: z.strictObject({
    features: z.array(Feature).min(1),
    splits: z.array(z.strictObject({ name: z.string(), num_bytes: z.int(), num_examples: z.int() })),
  }),
})

let cards = 0

async function cardOf(
  battles: readonly RememberedBattle[],
  argv: string[],
  models: { name: string; license: string | null }[] = [],
) {
  cards += 1
  const folder = join(scratch.path, `card-${cards}`)
  const source = new MemorySource(battles, { models: models.map((model) => ({ ...model, organization: null })) })
  const { code, stderr } = await run(source, [...argv, '--output', `${folder}/`])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const text = readFileSync(join(folder, 'README.md'), 'utf8')
  const [, head = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
  return { head: Head.parse(parse(head)), headText: head, body, folder }
}

const sections = [
  'What this is',
  'How it was collected',
  'Schema',
  'Counts',
  'Agreement',
  'Filters and command',
  'Masking',
  'Licences of answers per model',
  'Known limits',
  'Version',
  'Citation',
]

describe('the card of a data set', () => {
  test.each(FORMAT_NAMES)('%s: its head is valid, and every section is there', async (format) => {
    const { head, body } = await cardOf([aBattle()], [format])
    expect(head.configs[0].data_files).toEqual([{ split: 'train', path: 'data/train.jsonl' }])
    expect(head.dataset_info.splits).toMatchObject([{ name: 'train', num_examples: format === 'kto' ? 2 : 1 }])
    expect(head.language).toEqual(['en'])
    expect(head.tags.slice(0, 3)).toEqual(['preference', 'human-feedback', 'ringside'])
    expect([...body.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(sections)
  })

  test('states the type of every field, so that no loader guesses', async () => {
    const { headText } = await cardOf([aBattle()], ['dpo'])
    expect(parse(headText).dataset_info.features).toEqual([
      ...['prompt', 'chosen', 'rejected'].map((name) => ({
        name,
        list: [
          { name: 'role', dtype: 'string' },
          { name: 'content', dtype: 'string' },
        ],
      })),
      {
        name: 'meta',
        struct: [
          ...['id', 'battle_id'].map((name) => ({ name, dtype: 'string' })),
          { name: 'turn', dtype: 'int32' },
          ...['arena', 'categories', 'language', 'chosen_model', 'rejected_model'].map((name) => ({
            name,
            dtype: 'string',
          })),
          { name: 'votes', dtype: 'int32' },
          { name: 'agreement', dtype: 'float64' },
          { name: 'margin', dtype: 'float64' },
          { name: 'source', dtype: 'string' },
        ],
      },
    ])
  })

  test('names the licence when all answers have the same one', async () => {
    const models = [
      { name: 'owl', license: 'Apache-2.0' },
      { name: 'fox', license: 'apache-2.0' },
    ]
    const { head, body } = await cardOf(
      [aBattle()],
      ['dpo'],
      models.map((model) => ({ ...model, license: 'Apache-2.0' })),
    )
    expect(head).toMatchObject({ license: 'apache-2.0' })
    expect(head.license_link).toBeUndefined()
    expect(body).toContain('| owl |')
  })

  test('points to LICENSE.md when they have several, and to nothing when nobody knows', async () => {
    const { head, folder } = await cardOf(
      [aBattle()],
      ['dpo'],
      [
        { name: 'owl', license: 'MIT' },
        { name: 'fox', license: 'secret [terms](x)' },
      ],
    )
    expect(head).toMatchObject({ license: 'other', license_link: 'LICENSE.md' })
    const licence = readFileSync(join(folder, 'LICENSE.md'), 'utf8')
    expect(licence).toContain('| owl | MIT |')
    expect(licence).not.toContain('[terms](x)')
    expect((await cardOf([aBattle()], ['dpo'])).head.license).toBe('unknown')
  })

  test('counts what was kept and dropped, in all the ways it can be cut', async () => {
    const battles = [
      aBattle({ id: 'b1', votes: votesFor('a', 'a', 'b') }),
      aBattle({ id: 'b2', language: 'ru', turns: [aTurn('Да?', 'Да.', 'Нет.')], votes: votesFor('b', 'b') }),
      aBattle({ id: 'b3', votes: votesFor('tie') }),
    ]
    const { body } = await cardOf(battles, ['dpo', '--mask-pii', 'off', '--category', 'math'])
    expect(body).toContain('3 units, 2 kept, 1 dropped, 2 rows.')
    expect(body).toContain('| tie | 1 |')
    expect(body).toContain('| ru | 1 |')
    expect(body).toContain('| math | 2 |')
    expect(body).toContain('Mean share of the commonest outcome per unit: 83.3 %')
    expect(body).toContain('unanimous: 50.0 %')
    expect(body).toContain('ringside export dpo --category math --mask-pii off')
    expect(body).toContain('Voters: 5, with 5 votes')
    expect(body).toMatch(/SHA-256 `[0-9a-f]{64}`/)
  })

  test('what is in the data cannot change the head or the shape of the card', async () => {
    const evil =
      'x\n---\nlicense: mit\n# Title\n| a | b |\n[link](https://evil.example) <img src=x> `code` ${{x}} "quoted" #'
    const battle = aBattle({
      models: { a: `${evil}a`, b: `${evil}b` },
      arena: evil,
      source: evil,
      language: evil,
      categories: [evil],
    })
    const { head, body } = await cardOf(
      [battle],
      ['dpo', '--arena', evil, '--model', `${evil}a`],
      [
        { name: `${evil}a`, license: evil },
        { name: `${evil}b`, license: evil },
      ],
    )
    expect(head).toMatchObject({ license: 'other', license_name: evil })
    expect([...body.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(sections)
    expect(body.match(/^# .*$/gm)).toEqual(['# Ringside dpo'])
    expect(body.match(/^```/gm)).toHaveLength(4)
    const shown = body.replace(/^```[^\n]*\n[\s\S]*?^```$/gm, '')
    expect(shown).not.toMatch(/<img|\]\(|https:\/\//)
  })
})

describe('text from the data', () => {
  test('is read back from YAML as it was, on one line of printable characters', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' })), (text) => {
        const quoted = quoteYaml(text)
        expect(quoted).not.toMatch(/[\n\r\u007f-\u009f\u2028\u2029\ufeff]/)
        expect(parse(`key: ${quoted}`)).toEqual({ key: text })
      }),
      { numRuns: 500 },
    )
  })

  test('is plain in Markdown', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(toPlainMarkdown(text)).not.toMatch(/[\n\r|`<>[\]*_\\]/)
      }),
    )
  })
})
