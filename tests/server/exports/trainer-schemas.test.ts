import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExportQuery, FormatName } from '../../../server/exports/export-query.ts'
import { columnsOf } from '../../../server/exports/formats/formats.ts'
import { defaultQuery, FORMAT_NAMES } from '../../../server/exports/export-query.ts'
import { jsonText } from '../../../server/exports/writers/json-row.ts'
import { FIELD_DOCS } from '../../../server/exports/card/field-docs.ts'
import { anyBattles } from './arbitrary-battles.ts'
import { aBattle, votesFor } from './battle-makers.ts'
import { exportRows } from './export-harness.ts'
import { TRAINER_SCHEMAS, type SchemaName } from './trainer-schemas.ts'

const QUERIES: Readonly<Record<SchemaName, Partial<ExportQuery>>> = {
  dpo: {},
  'dpo text': { text: true },
  'dpo implicit': { implicitPrompt: true },
  reward: { margin: 'strength' },
  kto: {},
  'kto text': { text: true },
  openai: {},
  llamafactory: {},
  'llamafactory text': { text: true },
  axolotl: {},
  'axolotl text': { text: true },
  ultrafeedback: {},
  rank: {},
  sft: {},
  'sft text': { text: true },
}
const names = Object.keys(TRAINER_SCHEMAS).filter((name): name is SchemaName => name in TRAINER_SCHEMAS)

function formatOf(name: SchemaName): FormatName {
  const format = FORMAT_NAMES.find((known) => known === name.split(' ')[0])
  if (format === undefined) throw new Error(`${name} is no format`)
  return format
}

describe.each(names)('%s', (name) => {
  const schema = TRAINER_SCHEMAS[name]
  const query = {
    ...QUERIES[name],
    ties: 'both',
    bothBad: name.startsWith('sft') ? 'drop' : 'both',
    turns: 'each',
  } as const

  test('every row of whatever battles is what the trainer reads', async () => {
    await fc.assert(
      fc.asyncProperty(anyBattles, async (battles) => {
        const { rows } = await exportRows(formatOf(name), battles, query)
        const write = jsonText(columnsOf({ ...defaultQuery(formatOf(name)), ...query }))
        for (const row of rows) {
          const read: unknown = JSON.parse(write(row))
          expect(schema.parse(read)).toEqual(read)
          expect(read).toEqual(row)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('an ordinary battle is a row of it', async () => {
    const { rows } = await exportRows(formatOf(name), [aBattle({ votes: votesFor('a', 'a', 'b') })], query)
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) schema.parse(row)
  })
})

describe('columns', () => {
  test('no column has a name that a trainer takes for something else', () => {
    const taken = [
      'image',
      'images',
      'tools',
      'chat_template_kwargs',
      'chosen_ids',
      'rejected_ids',
      'chosen_input_ids',
      'rejected_input_ids',
    ]
    for (const format of FORMAT_NAMES) {
      expect(columnsOf(defaultQuery(format)).filter(({ name }) => taken.includes(name))).toEqual([])
    }
  })

  test('every column has its meaning on the card', () => {
    for (const format of FORMAT_NAMES) {
      for (const text of [false, true]) {
        for (const { name } of columnsOf({ ...defaultQuery(format), text, margin: 'share' })) {
          expect(FIELD_DOCS[name], `${format}: ${name}`).toMatch(/\w/)
        }
      }
    }
  })

  test('floats are written as floats also when they are whole', async () => {
    const { rows } = await exportRows('reward', [aBattle()], { margin: 'share' })
    const json = jsonText(columnsOf({ ...defaultQuery('reward'), margin: 'share' }))(rows[0] ?? {})
    expect(json).toContain('"margin":1.0,')
    expect(json).toContain('"agreement":1.0,')
    expect(json).toContain('"votes":1,')
  })
})
