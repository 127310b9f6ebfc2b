import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVERYTHING, FORMAT_NAMES, type ExportQuery, type FormatName } from '../../../server/exports/export-query.ts'
import { DROP_REASONS } from '../../../server/exports/reasons.ts'
import { anyBattles } from './arbitrary-battles.ts'
import { AT, aBattle, aTurn, aVote, votesFor } from './battle-makers.ts'
import { exportRows } from './export-harness.ts'
import type { RememberedBattle } from './memory-source.ts'

async function reasonsOf(
  battles: readonly RememberedBattle[],
  changes: Partial<ExportQuery> = {},
  format: FormatName = 'dpo',
) {
  return (await exportRows(format, battles, changes)).summary.by_reason
}

const turns = (prompt: string | null, a: string | null, b: string | null) => ({ turns: [aTurn(prompt, a, b)] })

describe('why a battle is in no file', () => {
  test.each<[string, Partial<RememberedBattle>, Partial<ExportQuery>]>([
    ['erased', { isErased: true, ...turns(null, null, null) }, {}],
    ['unanswered', turns('Why?', 'Because.', null), {}],
    ['unanswered', { turns: [] }, {}],
    ['leaked', { votes: [aVote({ outcome: 'a', isLeaked: true })] }, {}],
    ['excluded', { votes: [aVote({ outcome: 'a', excluded: 'operator' })] }, {}],
    ['excluded', { votes: [aVote({ outcome: 'a', isBlind: false })] }, {}],
    ['empty_prompt', turns(' \n', 'x', 'y'), {}],
    ['empty_answer', turns('Why?', '', 'y'), {}],
    ['empty_answer', turns('Why?', 'x', ' \t\n'), {}],
    ['few_votes', { votes: votesFor('a', 'a') }, { minVotes: 3 }],
    ['no_majority', { votes: votesFor('a', 'b') }, {}],
    ['no_majority', { votes: votesFor('tie', 'both_bad', 'a') }, {}],
    ['low_agreement', { votes: votesFor('a', 'a', 'b') }, { minAgreement: 0.7 }],
    ['tie', { votes: votesFor('tie', 'tie', 'a') }, {}],
    ['both_bad', { votes: votesFor('both_bad') }, {}],
    ['same_text', turns('Why?', 'Because.', '  Because.\n'), {}],
    [
      'diverged',
      { turns: [aTurn('1?', 'x', 'y'), aTurn('2?', 'z', 'w')], votes: [aVote({ outcome: 'a', turn: 2 })] },
      {},
    ],
    ['not_plain', { system: 'Be brief.' }, { text: true }],
  ])('%s', async (reason, battle, query) => {
    expect(await reasonsOf([aBattle(battle)], query)).toEqual({ [reason]: 1 })
  })

  test('the first reason of the list is the one that is counted', async () => {
    const everything = aBattle({
      isErased: true,
      ...turns(' ', '', ''),
      votes: [aVote({ outcome: 'tie', isLeaked: true, excluded: 'operator' })],
    })
    expect(await reasonsOf([everything])).toEqual({ erased: 1 })
    expect(await reasonsOf([{ ...everything, isErased: false }])).toEqual({ leaked: 1 })
    const counted = { ...everything, isErased: false, votes: votesFor('tie') }
    expect(await reasonsOf([counted], { minVotes: 2 })).toEqual({ empty_prompt: 1 })
    expect(await reasonsOf([{ ...counted, ...turns('Why?', 'x', ' ') }], { minVotes: 2 })).toEqual({ empty_answer: 1 })
    expect(await reasonsOf([{ ...counted, ...turns('Why?', 'x', 'x') }], { minVotes: 2 })).toEqual({ few_votes: 1 })
    expect(await reasonsOf([{ ...counted, ...turns('Why?', 'x', 'x') }])).toEqual({ tie: 1 })
  })

  test('reasons are listed in their fixed order, whatever came first', async () => {
    const battles = [
      aBattle({ id: 'b1' }),
      aBattle({ id: 'b2' }),
      aBattle({ id: 'b3', votes: votesFor('tie') }),
      aBattle({ id: 'b4', ...turns('Why?', '', 'x') }),
    ]
    expect(Object.keys(await reasonsOf(battles))).toEqual(['empty_answer', 'tie', 'duplicate'])
  })

  test('two of three votes are not below an agreement of 0.6667 by rounding alone', async () => {
    const battle = aBattle({ votes: votesFor('a', 'a', 'b') })
    expect(await reasonsOf([battle], { minAgreement: 2 / 3 })).toEqual({})
    expect(await reasonsOf([battle], { minAgreement: 0.67 })).toEqual({ low_agreement: 1 })
  })
})

describe('which votes make a pair', () => {
  test('votes that were taken back or replaced are none', async () => {
    const votes = [
      aVote({ outcome: 'a', isSuperseded: true, excluded: 'withdrawn' }),
      aVote({ outcome: 'a', isSuperseded: true }),
      aVote({ outcome: 'b' }),
    ]
    const { rows } = await exportRows('dpo', [aBattle({ votes })])
    expect(rows).toMatchObject([{ meta: { chosen_model: 'fox', votes: 1 } }])
    expect((await exportRows('dpo', [aBattle({ votes: votes.slice(0, 1) })])).summary.units).toBe(0)
  })

  test('imported pairs without a rating are, though no board counts them', async () => {
    const votes = [aVote({ outcome: 'a', excluded: 'unrated' })]
    expect((await exportRows('dpo', [aBattle({ votes })])).summary.kept).toBe(1)
  })

  test('votes that do not count are left out beside those that do', async () => {
    const votes = [
      aVote({ outcome: 'a', isBlind: false }),
      aVote({ outcome: 'a', excluded: 'gold' }),
      aVote({ outcome: 'b' }),
    ]
    expect((await exportRows('dpo', [aBattle({ votes })])).rows).toMatchObject([
      { meta: { votes: 1, chosen_model: 'fox' } },
    ])
  })

  test('only votes of the period count', async () => {
    const votes = [
      aVote({ outcome: 'a', at: AT }),
      aVote({ outcome: 'b', at: AT + 10 }),
      aVote({ outcome: 'b', at: AT + 20 }),
    ]
    const filter = { ...EVERYTHING, since: AT, until: AT + 10 }
    expect((await exportRows('dpo', [aBattle({ votes })], { filter })).rows).toMatchObject([
      { meta: { votes: 1, chosen_model: 'owl' } },
    ])
  })

  test('the last voted turn of a battle counts, or each of them', async () => {
    const battle = aBattle({
      turns: [aTurn('Ready?', 'Yes.', 'Yes!'), aTurn('Go?', 'Going.', 'No.')],
      votes: [aVote({ outcome: 'a', turn: 1 }), aVote({ outcome: 'b', turn: 2 })],
    })
    const last = await exportRows('reward', [battle])
    expect(last.rows).toMatchObject([{ meta: { turn: 2, chosen_model: 'fox' } }])
    const each = await exportRows('reward', [battle], { turns: 'each' })
    expect(each.rows).toMatchObject([
      { meta: { turn: 1, chosen_model: 'owl' } },
      { meta: { turn: 2, chosen_model: 'fox' } },
    ])
    expect(each.rows[0]?.chosen).toHaveLength(2)
    expect(each.summary.units).toBe(2)
  })
})

describe('any log', () => {
  test.each(FORMAT_NAMES)(
    '%s: units are kept or dropped for one known reason each, whatever the pages',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(anyBattles, fc.constantFrom('last', 'each'), async (battles, which) => {
          const { rows, summary } = await exportRows(format, battles, { turns: which, dedup: 'near', ties: 'both' })
          expect(summary.units).toBe(summary.kept + summary.dropped)
          expect(Object.values(summary.by_reason).reduce((sum, count) => sum + count, 0)).toBe(summary.dropped)
          for (const reason of Object.keys(summary.by_reason)) expect(DROP_REASONS).toContain(reason)
          expect(rows).toHaveLength(summary.rows)
          expect(Object.values(summary.splits).reduce((sum, count) => sum + count, 0)).toBe(summary.rows)
        }),
        { numRuns: 30 },
      )
    },
  )
})
