import { describe, expect, test } from 'vitest'
import { EVERYTHING } from '../../../server/exports/export-query.ts'
import { AT, aBattle, aTurn, aVote, votesFor } from './battle-makers.ts'
import { run } from './command-line.ts'
import { exportRows } from './export-harness.ts'
import { MemorySource } from './memory-source.ts'

const metadata = {
  sum_user_tokens: 1,
  turns: 1,
  sum_assistant_a_tokens: 2,
  sum_assistant_b_tokens: 3,
  context_a_tokens: 4,
  context_b_tokens: 5,
  header_count_a: { h1: 1, h2: 0, h3: 0, h4: 0, h5: 0, h6: 0 },
  header_count_b: { h1: 0, h2: 0, h3: 0, h4: 0, h5: 0, h6: 2 },
  list_count_a: { ordered: 1, unordered: 0 },
  list_count_b: { ordered: 0, unordered: 7 },
  bold_count_a: { '**': 1, __: 0 },
  bold_count_b: { '**': 0, __: 1 },
}

const known = aBattle({
  id: 'battle-1',
  source: 'march',
  language: 'ru',
  categories: ['math', 'coding', 'language-ru'],
  system: 'Коротко.',
  turns: [aTurn('2+2?', '4', '5')],
  votes: [aVote({ id: 'vote-one', judge: 'j1', outcome: 'both_bad', strength: 2, at: AT })],
  metadata,
})

describe('the log of votes', () => {
  test('a row has every field in its place, and numbers in their shortest form', async () => {
    const { stdout } = await run(new MemorySource([known]), ['votes'])
    expect(stdout).toBe(
      '{"schema_version":1,"id":"vote-one","question_id":"battle-1","arena":"text","model_a":"owl","model_b":"fox",' +
        '"winner":"both_bad","judge":"j1","turn":1,"anony":true,"counted":true,"leaked":false,"excluded":null,' +
        '"supersedes":null,"source":"march","language":"ru","is_code":true,"categories":["coding","language-ru","math"],' +
        '"tstamp":1795557600.123,"timestamp":"2026-11-24T22:00:00.123Z","strength":2,"weight":1,' +
        '"conversation_a":[{"role":"system","content":"Коротко."},{"role":"user","content":"2+2?"},{"role":"assistant","content":"4"}],' +
        '"conversation_b":[{"role":"system","content":"Коротко."},{"role":"user","content":"2+2?"},{"role":"assistant","content":"5"}],' +
        '"conv_metadata":{"sum_user_tokens":1,"turns":1,"sum_assistant_a_tokens":2,"sum_assistant_b_tokens":3,"context_a_tokens":4,"context_b_tokens":5,' +
        '"header_count_a":{"h1":1,"h2":0,"h3":0,"h4":0,"h5":0,"h6":0},"header_count_b":{"h1":0,"h2":0,"h3":0,"h4":0,"h5":0,"h6":2},' +
        '"list_count_a":{"ordered":1,"unordered":0},"list_count_b":{"ordered":0,"unordered":7},"bold_count_a":{"**":1,"__":0},"bold_count_b":{"**":0,"__":1}}}\n',
    )
  })

  test('as CSV labels are joined, lists are JSON and null is empty', async () => {
    const { stdout } = await run(new MemorySource([known]), ['votes', '--type', 'csv'])
    const [header, row] = stdout.split('\r\n')
    expect(header?.split(',')[0]).toBe('schema_version')
    expect(row).toContain(
      '1,"vote-one","battle-1","text","owl","fox","both_bad","j1",1,true,true,false,,,"march","ru",true,"coding|language-ru|math",1795557600.123,"2026-11-24T22:00:00.123Z",2,1,"[{""role"":""system""',
    )
  })

  test('marks say why a vote is on no board', async () => {
    const votes = [
      aVote({ outcome: 'a' }),
      aVote({ outcome: 'b', isLeaked: true }),
      aVote({ outcome: 'tie', isBlind: false }),
      aVote({ outcome: 'a', excluded: 'operator', isSuperseded: false }),
      aVote({ id: 'first', outcome: 'a', isSuperseded: true }),
      aVote({ outcome: 'b', supersedes: 'first' }),
    ]
    const { rows, summary } = await exportRows('votes', [aBattle({ votes })])
    expect(
      rows.map(({ winner, counted, leaked, anony, excluded, supersedes }) => ({
        winner,
        counted,
        leaked,
        anony,
        excluded,
        supersedes,
      })),
    ).toEqual([
      { winner: 'model_a', counted: true, leaked: false, anony: true, excluded: null, supersedes: null },
      { winner: 'model_b', counted: false, leaked: true, anony: true, excluded: null, supersedes: null },
      { winner: 'tie', counted: false, leaked: false, anony: false, excluded: null, supersedes: null },
      { winner: 'model_a', counted: false, leaked: false, anony: true, excluded: 'operator', supersedes: null },
      { winner: 'model_a', counted: false, leaked: false, anony: true, excluded: null, supersedes: null },
      { winner: 'model_b', counted: true, leaked: false, anony: true, excluded: null, supersedes: 'first' },
    ])
    expect(summary).toMatchObject({ units: 6, kept: 6, dropped: 0, rows: 6 })
  })

  test('what was erased or never known is null, and the vote stays', async () => {
    const { rows } = await exportRows('votes', [
      aBattle({ id: 'erased', isErased: true, turns: [aTurn(null, null, null)] }),
      aBattle({ id: 'bare', turns: [], language: 'other' }),
    ])
    for (const row of rows)
      expect(row).toMatchObject({ winner: 'model_a', conversation_a: null, conversation_b: null, conv_metadata: null })
    expect(rows[1]).toMatchObject({ language: null })
  })

  test('style is counted where nobody told it, and not within code', async () => {
    const a =
      '# Title\n\n## Part\n\n1. one\n2. two\n\n- x\n\n**bold** and __strong__ and **more**\n\n```md\n# not a title\n- nor a list\n```\n'
    const { rows } = await exportRows('votes', [aBattle({ turns: [aTurn('List it', a, 'plain text')] })])
    expect(rows[0]?.conv_metadata).toMatchObject({
      turns: 1,
      header_count_a: { h1: 1, h2: 1, h3: 0 },
      header_count_b: { h1: 0 },
      list_count_a: { ordered: 2, unordered: 1 },
      bold_count_a: { '**': 2, __: 1 },
      bold_count_b: { '**': 0, __: 0 },
    })
  })

  test('options about outcomes and repetitions change nothing', async () => {
    const battles = [
      aBattle({ id: 'b1', votes: votesFor('tie', 'both_bad', 'a') }),
      aBattle({ id: 'b2', votes: votesFor('b') }),
    ]
    for (const format of ['votes', 'battles']) {
      const usual = await run(new MemorySource(battles), [format, '--json'])
      const others = [
        '--ties',
        'both',
        '--both-bad',
        'both',
        '--min-votes',
        '9',
        '--min-agreement',
        '1',
        '--turns',
        'each',
        '--margin',
        'share',
        '--dedup',
        'near',
      ]
      expect(await run(new MemorySource(battles), [format, '--json', ...others])).toEqual(usual)
    }
  })
})

describe('battles', () => {
  test('a row has both answers and the votes that count', async () => {
    const votes = [
      aVote({ judge: 'j1', outcome: 'b', strength: 1 }),
      aVote({ judge: null, outcome: 'tie' }),
      aVote({ judge: 'j3', outcome: 'a', isLeaked: true }),
      aVote({ judge: 'j4', outcome: 'a', excluded: 'unrated' }),
    ]
    const { rows } = await exportRows('battles', [aBattle({ system: 'Be brief.', votes, gold: 'a' })])
    expect(rows).toEqual([
      {
        id: 'battle-1',
        categories: ['language-en', 'math'],
        language: 'en',
        system: 'Be brief.',
        prompt: 'What is two and two?',
        model_a: 'owl',
        response_a: 'Four.',
        model_b: 'fox',
        response_b: 'Five.',
        conversation_a: null,
        conversation_b: null,
        votes: [
          { judge: 'j1', winner: 'model_b', timestamp: AT, strength: 1 },
          { judge: null, winner: 'tie', timestamp: AT, strength: null },
        ],
        winner: 'model_a',
      },
    ])
  })

  test('of more than one turn the whole conversations come along', async () => {
    const { rows } = await exportRows('battles', [
      aBattle({ turns: [aTurn('1?', 'x', 'y'), aTurn('2?', 'z', 'w')], votes: [aVote({ outcome: 'a', turn: 2 })] }),
    ])
    expect(rows).toMatchObject([
      {
        prompt: '2?',
        response_a: 'z',
        conversation_a: [{ content: '1?' }, { content: 'x' }, { content: '2?' }, { content: 'z' }],
      },
    ])
  })

  test('a battle without texts has no place in this layout', async () => {
    const battles = [aBattle({ id: 'b1', isErased: true }), aBattle({ id: 'b2', turns: [] }), aBattle({ id: 'b3' })]
    expect((await exportRows('battles', battles)).summary).toMatchObject({
      units: 3,
      kept: 1,
      by_reason: { erased: 1, unanswered: 1 },
    })
  })
})

test('arena, category, language, models and period cut every format alike', async () => {
  const battles = [
    aBattle({ id: 'b1', arena: 'text', language: 'ru', categories: ['math'] }),
    aBattle({ id: 'b2', arena: 'web', turns: [aTurn('x?', '1', '2')] }),
    aBattle({ id: 'b3', models: { a: 'elk', b: 'ram' }, turns: [aTurn('y?', '1', '2')] }),
    aBattle({ id: 'b4', votes: [aVote({ outcome: 'a', at: AT + 1000 })], turns: [aTurn('z?', '1', '2')] }),
  ]
  for (const format of ['dpo', 'votes', 'battles', 'rank'] as const) {
    const rowsOf = async (filter: Partial<typeof EVERYTHING>) =>
      (await exportRows(format, battles, { filter: { ...EVERYTHING, ...filter } })).rows.length
    expect(await rowsOf({})).toBe(4)
    expect(await rowsOf({ arenas: ['web'] })).toBe(1)
    expect(await rowsOf({ arenas: ['web', 'text'] })).toBe(4)
    expect(await rowsOf({ languages: ['ru'] })).toBe(1)
    expect(await rowsOf({ categories: ['language-en'] })).toBe(3)
    expect(await rowsOf({ models: ['ram'] })).toBe(1)
    expect(await rowsOf({ excludedModels: ['ram'] })).toBe(3)
    expect(await rowsOf({ since: AT + 1 })).toBe(1)
    expect(await rowsOf({ until: AT + 1 })).toBe(3)
  }
})
