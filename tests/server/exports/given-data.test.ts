import { describe, expect, test } from 'vitest'
import { defaultQuery, type ExportQuery } from '../../../server/exports/export-query.ts'
import { ExportService } from '../../../server/exports/export-service.ts'
import { hasGivenData, readGivenBattles } from './given-data.ts'
import { MemorySource } from './memory-source.ts'

const GONE = 'the given battles are not at hand'

async function summarise(name: Parameters<typeof readGivenBattles>[0], query: Partial<ExportQuery> = {}) {
  const source = new MemorySource(readGivenBattles(name), { pageItems: 97 })
  const service = new ExportService({ source, version: '0.0.0', now: () => 0 })
  const { summary } = await service.preview({ ...defaultQuery('dpo'), maskPii: false, ...query })
  return summary
}

describe('the given battles', () => {
  test('999 battles judged by three annotators become 762 pairs', async ({ skip }) => {
    skip(!hasGivenData(), GONE)
    expect(JSON.stringify(await summarise('text_pandalm_battles'))).toBe(
      '{"format":"dpo","units":999,"kept":762,"dropped":237,"rows":762,"by_reason":{"empty_answer":54,"tie":103,"duplicate":80},"splits":{"train":762},"masked":{},"files":{},"dry_run":true}',
    )
  })

  test('2,139 battles judged by a crowd become 831 pairs', async ({ skip }) => {
    skip(!hasGivenData(), GONE)
    expect(await summarise('text_llmfao_battles')).toMatchObject({
      units: 2139,
      kept: 831,
      by_reason: { empty_answer: 289, no_majority: 276, tie: 600, duplicate: 143 },
    })
  })

  test('the unpaired format keeps the same units and writes two rows for each', async ({ skip }) => {
    skip(!hasGivenData(), GONE)
    expect(await summarise('text_pandalm_battles', { format: 'kto' })).toMatchObject({ kept: 762, rows: 1524 })
  })
})
