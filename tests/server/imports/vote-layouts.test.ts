import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeVote, makeImportBench, NOON, readVotes, toJsonLines, type ImportBench } from './import-bench.ts'

let bench: ImportBench
beforeEach(() => (bench = makeImportBench()))
afterEach(() => bench.remove())

const votes = () => bench.withStore(readVotes)
const described = async () => (await votes()).map(describeVote)

async function importRecords(kind: string, records: readonly unknown[], ...flags: string[]) {
  return bench.run(kind, bench.write('set.jsonl', toJsonLines(records)), '--json', ...flags)
}

const talk = (...said: string[]) =>
  said.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }))

describe('public arena votes', () => {
  const vote = {
    question_id: 'q1',
    model_a: 'owl',
    model_b: 'fox',
    winner: 'tie (bothbad)',
    judge: 'arena_user_1',
    conversation_a: talk('Who?', 'Me.'),
    conversation_b: talk('Who?', 'I.'),
    turn: 1,
    anony: true,
    language: 'English',
    tstamp: 1_700_000_000.25,
  }

  test('the oldest layout, with messages, seconds and names of languages', async () => {
    const { code, summary } = await importRecords('votes', [vote])
    expect(code).toBe(0)
    expect(summary).toMatchObject({
      imported: 1,
      models_created: 2,
      prompts_created: 1,
      answers_created: 2,
      battles_created: 1,
      votes_created: 1,
    })
    const [found] = await votes()
    expect(found && describeVote(found)).toMatchObject({
      models: 'owl / fox',
      outcome: 'both_bad',
      judge: 'arena_user_1',
      turn: 1,
      turns: [['Who?', 'Me.', 'I.']],
    })
    expect(found?.battle.language).toBe('en')
    expect(found?.battle.categories).toContain('language-en')
    expect(found?.vote).toMatchObject({ at: 1_700_000_000_250, isBlind: true, isLeaked: false })
  })

  test('votes that were not blind, or not sampled, are kept and count nowhere', async () => {
    const tags = { dedup_tag: { high_freq: true, sampled: false } }
    await importRecords('votes', [
      { ...vote, anony: false, judge: 'j1' },
      { ...vote, ...tags, judge: 'j2' },
      { ...vote, dedup_tag: { high_freq: false, sampled: true }, judge: 'j3' },
    ])
    expect((await votes()).map(({ vote: { isBlind, excluded } }) => [isBlind, excluded])).toEqual([
      [false, null],
      [true, 'source_dedup'],
      [true, null],
    ])
    const log = await bench.withStore((store) => store.readVoteLog(null, 10))
    expect(log.entries.map(({ uncounted }) => uncounted)).toEqual(['revealed', 'excluded', null])
  })

  test('tags become categories, and counts of style stay', async () => {
    const category_tag = {
      'math_v0.1': { math: true },
      'if_v0.1': { if: false, score: 1 },
      'creative_writing_v0.1': { creative_writing: true },
      'criteria_v0.1': {
        complexity: true,
        creativity: true,
        domain: true,
        problem: true,
        real: true,
        technical: true,
        specificity: false,
      },
    }
    const conv_metadata = {
      sum_user_tokens: 3,
      turns: 1,
      sum_assistant_a_tokens: 4,
      header_count_a: { h1: 1, h2: 0, h3: 2, h4: 0, h5: 0, h6: 0 },
      header_count_b: 5,
      list_count_b: { ordered: 1, unordered: 2 },
      bold_count_a: { '**': 2, __: 1 },
    }
    await importRecords('votes', [{ ...vote, category_tag, is_code: true, conv_metadata }])
    const [found] = await votes()
    expect(found?.battle.categories).toEqual(['language-en', 'math', 'creative-writing', 'hard-prompts', 'coding'])
    expect(found?.metadata).toMatchObject({
      sum_assistant_a_tokens: 4,
      sum_assistant_b_tokens: 0,
      header_count_a: { h1: 1, h3: 2 },
      header_count_b: { h1: 5, h2: 0 },
      list_count_b: { ordered: 1, unordered: 2 },
      bold_count_a: { '**': 2, __: 1 },
    })
  })

  test('the newest layout: parts of messages, codes of languages, moments without a zone, sessions for voters', async () => {
    const parts = (text: string) => [{ type: 'text', text, image: null, mimeType: null }]
    const side = (answer: string) => [
      { role: 'user', content: parts('Сколько будет два плюс два?') },
      { role: 'assistant', content: parts(answer) },
    ]
    await importRecords('votes', [
      {
        id: 'x',
        model_a: 'owl',
        model_b: 'fox',
        winner: 'both_bad',
        evaluation_session_id: 's1',
        evaluation_order: 1,
        conversation_a: side('Пять.'),
        conversation_b: side('Три.'),
        full_conversation: [],
        language: '<err>',
        timestamp: '2025-05-06 07:08:09.123456',
      },
    ])
    const [found] = await votes()
    expect(found?.vote).toMatchObject({ outcome: 'both_bad', judge: 's1', at: Date.UTC(2025, 4, 6, 7, 8, 9, 123) })
    expect(found?.battle).toMatchObject({ language: 'ru', turns: [{ prompt: 'Сколько будет два плюс два?' }] })
  })

  test('pictures are not for a text arena', async () => {
    const image = { type: 'image', text: null, image: 'x.png', mimeType: 'image/png' }
    const side = [
      { role: 'user', content: [image] },
      { role: 'assistant', content: 'A cat.' },
    ]
    const { code, summary } = await importRecords('votes', [{ ...vote, conversation_a: side, conversation_b: side }])
    expect({ code, reasons: summary['by_reason'] }).toEqual({ code: 1, reasons: { unsupported_content: 1 } })
  })

  test('what was said after the judgement is cut, and several judges of one vote are named together', async () => {
    const long = (who: string) => talk('One?', `${who} 1`, 'Two?', `${who} 2`)
    await importRecords('votes', [
      { ...vote, judge: ['author_2', 'gpt4_pair'], conversation_a: long('A'), conversation_b: long('B'), turn: 1 },
      { ...vote, judge: 'author_2', conversation_a: long('A'), conversation_b: long('B'), turn: 2 },
    ])
    expect(await described()).toMatchObject([
      { judge: 'author_2/gpt4_pair', turn: 1, turns: [['One?', 'A 1', 'B 1']] },
      {
        judge: 'author_2',
        turn: 2,
        turns: [
          ['One?', 'A 1', 'B 1'],
          ['Two?', 'A 2', 'B 2'],
        ],
      },
    ])
  })

  test('a table with lists of turns and one column per outcome', async () => {
    const cell = (value: unknown) => `"${JSON.stringify(value).replaceAll('"', '""')}"`
    const row = (...cells: unknown[]) =>
      cells.map((value) => (typeof value === 'number' ? value : cell(value))).join(',')
    const csv = [
      'id,model_a,model_b,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie',
      `1,owl,fox,${row(['Hi', 'And?'], ['a1', 'a2'], ['b1', null], 0, 1, 0)}`,
      `2,owl,fox,${row(['Hi'], ['a'], ['b'], 0, 0, 1)}`,
    ].join('\n')
    const { code } = await bench.run('votes', bench.write('train.csv', `${csv}\n`))
    expect(code).toBe(0)
    expect(await described()).toMatchObject([
      {
        outcome: 'b',
        judge: null,
        turn: 2,
        turns: [
          ['Hi', 'a1', 'b1'],
          ['And?', 'a2', ''],
        ],
      },
      { outcome: 'tie', turn: 1, turns: [['Hi', 'a', 'b']] },
    ])
  })

  test('an array of gigabytes in old files is read like any other', async () => {
    const file = bench.write(
      'clean_battle.json',
      JSON.stringify([vote, { ...vote, winner: 'model_a', judge: 'x' }], null, 4),
    )
    expect((await bench.run('votes', file, '--json')).summary).toMatchObject({ read: 2, imported: 2 })
  })
})

describe('the outcome of a vote', () => {
  const outcomeOf = async (winner: unknown) => {
    const { summary } = await importRecords(
      'votes',
      [{ model_a: 'Owl 1', model_b: 'left', winner }],
      '--on-error',
      'skip',
    )
    const [found] = await votes()
    return found?.vote.outcome ?? summary['by_reason']
  }

  test.each([
    ['model_a', 'a'],
    ['Model A', 'a'],
    ['leftvote', 'a'],
    ['A>>B', 'a'],
    ['b>a', 'b'],
    ['Answer B', 'b'],
    ['Owl 1', 'a'],
    // A code is a code, also where a model bears it as a name.
    ['left', 'a'],
    ['tie (inconsistent)', 'tie'],
    ['both_good', 'tie'],
    ['a=b', 'tie'],
    ['Tie (bothbad)', 'both_bad'],
    ['bothbad_vote', 'both_bad'],
    ['1', { bad_winner: 1 }],
    [1, { bad_winner: 1 }],
    ['owl 1', { bad_winner: 1 }],
    ['unknown', { bad_winner: 1 }],
    [null, { missing_field: 1 }],
  ])('%s is %s', async (winner, expected) => {
    expect(await outcomeOf(winner)).toEqual(expected)
  })

  test.each([
    [[1, 1, 0], { bad_winner: 1 }],
    [[0, 0, 0], { bad_winner: 1 }],
    [[0, 1, 0], 'b'],
    [['False', 'False', 'True'], 'tie'],
  ])('in three columns as %j is %s', async ([a, b, tie], expected) => {
    const record = { model_a: 'x', model_b: 'y', winner_model_a: a, winner_model_b: b, winner_tie: tie }
    const { summary } = await importRecords('votes', [record], '--on-error', 'skip')
    expect((await votes())[0]?.vote.outcome ?? summary['by_reason']).toEqual(expected)
  })
})

describe('the time of a vote', () => {
  test.each([
    ['2026-11-24T22:00:00.123Z', Date.UTC(2026, 10, 24, 22, 0, 0, 123)],
    ['2026-11-24T22:00:00+03:00', Date.UTC(2026, 10, 24, 19)],
    ['2026-11-24 22:00', Date.UTC(2026, 10, 24, 22)],
    ['2026-11-24', Date.UTC(2026, 10, 24)],
    [1_700_000_000, 1_700_000_000_000],
    [1_700_000_000_123, 1_700_000_000_123],
    [1_700_000_000_123_456, 1_700_000_000_123],
    ['1700000000123456789', 1_700_000_000_123],
    ['1700000000.5', 1_700_000_000_500],
  ])('%s is a moment', async (timestamp, at) => {
    await importRecords('votes', [{ model_a: 'x', model_b: 'y', winner: 'a', timestamp }])
    expect((await votes())[0]?.vote.at).toBe(at)
  })

  test.each([['yesterday'], ['2026-13-01'], ['2026-02-30'], ['24.11.2026'], [-5], [{}], ['2026-11-24T25:00']])(
    '%j is none',
    async (timestamp) => {
      const { code, summary } = await importRecords('votes', [{ model_a: 'x', model_b: 'y', winner: 'a', timestamp }])
      expect({ code, reasons: summary['by_reason'] }).toEqual({ code: 1, reasons: { bad_timestamp: 1 } })
    },
  )

  test('that nobody knows is the time of the import', async () => {
    await importRecords('votes', [{ model_a: 'x', model_b: 'y', winner: 'a' }])
    expect((await votes())[0]?.vote.at).toBe(NOON)
  })
})

describe('logs of FastChat', () => {
  const state = (model: string, answer: string) => ({
    template_name: 'one_shot',
    system_message: `You are ${model}.`,
    roles: ['Human', 'Assistant'],
    messages: [
      ['Human', 'an example'],
      ['Assistant', 'of the template'],
      ['Human', 'Who?'],
      ['Assistant', answer],
    ],
    offset: 2,
    conv_id: 'c',
    model_name: model,
  })
  const line = {
    tstamp: 1_700_000_000.5,
    type: 'leftvote',
    models: ['', ''],
    states: [state('owl', 'Me.'), state('fox', 'I.')],
    ip: '203.0.113.7',
  }

  test('votes are taken, everything else that people did is skipped', async () => {
    const { summary } = await importRecords('fastchat', [
      line,
      { ...line, type: 'chat' },
      { ...line, type: 'bothbad_vote', ip: '203.0.113.8' },
    ])
    expect(summary).toMatchObject({ read: 3, imported: 2, skipped: 1, by_reason: { not_a_vote: 1 } })
    expect(await described()).toMatchObject([
      { models: 'owl / fox', outcome: 'a', turns: [['Who?', 'Me.', 'I.']] },
      { outcome: 'both_bad' },
    ])
  })

  test('an address becomes a judge that only this arena can make, the same each time', async () => {
    await importRecords('fastchat', [line])
    const again = await importRecords('fastchat', [line])
    expect(again.summary).toMatchObject({ imported: 0, duplicates: 1 })
    const [found] = await votes()
    expect(found?.vote.judge).toMatch(/^[0-9a-f]{16}$/)
    const other = makeImportBench()
    await other.run('fastchat', other.write('log.json', toJsonLines([line])))
    const [there] = await other.withStore(readVotes)
    other.remove()
    expect(there?.vote.judge).toMatch(/^[0-9a-f]{16}$/)
    expect(there?.vote.judge).not.toBe(found?.vote.judge)
    const dry = await importRecords('fastchat', [line, { ...line, type: 'tievote' }], '--dry-run')
    expect(dry.summary).toMatchObject({ imported: 1, duplicates: 1 })
    expect(dry.stdout).not.toContain('203.0.113')
  })

  test('names are taken from where they are shown when the states have none', async () => {
    const nameless = [
      { ...state('', 'Me.'), model_name: '' },
      { ...state('', 'I.'), model_name: null },
    ]
    await importRecords('fastchat', [
      { ...line, models: ['<h3>Model A: owl</h3>', '### Model B: fox'], states: nameless },
    ])
    expect(await described()).toMatchObject([{ models: 'owl / fox' }])
    const blind = await importRecords('fastchat', [{ ...line, models: ['Model A', 'Model B'], states: nameless }])
    expect(blind.summary['by_reason']).toEqual({ missing_field: 1 })
  })

  test('a message with pictures is refused, one without them is text', async () => {
    const withParts = (pictures: string[]) => ({
      ...line,
      states: ['owl', 'fox'].map((name) => ({
        ...state(name, name),
        messages: [
          ['Human', ['Who?', pictures]],
          ['Assistant', name],
        ],
        offset: 0,
      })),
    })
    const { summary } = await importRecords('fastchat', [withParts(['hash']), withParts([])], '--on-error', 'skip')
    expect(summary).toMatchObject({ imported: 1, by_reason: { unsupported_content: 1 } })
  })
})

describe('ComparIA', () => {
  const comparison = {
    id: 1,
    timestamp: '2025-01-02T03:04:05',
    model_a_name: 'owl',
    model_b_name: 'fox',
    chosen_model_name: 'fox',
    both_equal: false,
    opening_msg: 'Qui ?',
    conversation_a: talk('Qui ?', 'Moi.'),
    conversation_b: talk('Qui ?', 'Lui.'),
    conv_turns: 1,
    conversation_pair_id: 'p1',
    session_hash: 's',
    visitor_id: 'v1',
    selected_category: 'Idées & recettes',
  }

  test('comparisons: a name, or both, or neither', async () => {
    const { summary } = await importRecords('comparia', [
      comparison,
      { ...comparison, chosen_model_name: null, both_equal: true, visitor_id: 'v2' },
      { ...comparison, chosen_model_name: null, both_equal: false, visitor_id: 'v3' },
    ])
    expect(summary).toMatchObject({ imported: 2, skipped: 1, by_reason: { not_a_vote: 1 } })
    expect(await described()).toMatchObject([
      {
        models: 'owl / fox',
        outcome: 'b',
        judge: 'v1',
        categories: ['language-fr', 'idees-recettes'],
        turns: [['Qui ?', 'Moi.', 'Lui.']],
      },
      { outcome: 'tie', judge: 'v2' },
    ])
  })

  test('reactions: both sides of an answer together are one judgement, in whatever order they come', async () => {
    const reaction = (pair: string, side: 'a' | 'b', liked: boolean, disliked: boolean, rank = 1) => ({
      ...comparison,
      chosen_model_name: undefined,
      both_equal: undefined,
      conv_turns: undefined,
      conversation_pair_id: pair,
      visitor_id: `visitor of ${pair}`,
      refers_to_model: side === 'a' ? 'owl' : 'fox',
      model_pos: side,
      msg_index: rank * 2 - 1,
      msg_rank: rank,
      liked,
      disliked,
      conversation_a: talk('Un ?', 'a1', 'Deux ?', 'a2'),
      conversation_b: talk('Un ?', 'b1', 'Deux ?', 'b2'),
    })
    const rows = [
      reaction('one', 'a', false, true),
      reaction('two', 'b', true, false, 2),
      reaction('one', 'b', true, false),
      reaction('good', 'a', true, false),
      reaction('good', 'b', true, false),
      reaction('bad', 'b', false, true),
      reaction('bad', 'a', false, true),
      reaction('none', 'a', false, false),
    ]
    const { summary } = await importRecords('comparia', rows)
    expect(summary).toMatchObject({ read: 8, imported: 4, skipped: 4, by_reason: { not_a_vote: 4 } })
    expect(await described()).toMatchObject([
      { outcome: 'b', judge: 'visitor of one', turns: [['Un ?', 'a1', 'b1']] },
      {
        outcome: 'b',
        judge: 'visitor of two',
        turns: [
          ['Un ?', 'a1', 'b1'],
          ['Deux ?', 'a2', 'b2'],
        ],
      },
      { outcome: 'tie' },
      { outcome: 'both_bad' },
    ])
    const again = await importRecords('comparia', rows.toReversed())
    expect(again.summary).toMatchObject({ imported: 0, duplicates: 4 })
  })

  test('conversations without a judgement are battles without votes', async () => {
    const { chosen_model_name: _chosen, both_equal: _equal, ...conversation } = comparison
    const { summary } = await importRecords('comparia', [conversation])
    expect(summary).toMatchObject({ imported: 1, battles_created: 1, votes_created: 0 })
  })

  test('the newer arena: a row for each turn, cut after it', async () => {
    const row = {
      response_id: 'r',
      comparison_id: 'c1',
      turn: 1,
      choice: 'a_better',
      model_a: 'owl',
      model_b: 'fox',
      timestamp: '2026-01-01T00:00:00Z',
      full_conversation_a: talk('Un ?', 'a1', 'Deux ?', 'a2', 'Trois ?', 'a3'),
      full_conversation_b: talk('Un ?', 'b1', 'Deux ?', 'b2', 'Trois ?', 'b3'),
      excluded: false,
    }
    const { summary } = await importRecords(
      'comparia',
      [
        row,
        { ...row, turn: 0, choice: 'both_good', excluded: true },
        { ...row, turn: 2, choice: 'idk' },
        { ...row, turn: 2, choice: null },
        { ...row, turn: 2, choice: 'a lot' },
      ],
      '--on-error',
      'skip',
    )
    expect(summary).toMatchObject({ imported: 2, skipped: 2, rejected: 1, by_reason: { not_a_vote: 2, bad_winner: 1 } })
    expect(await described()).toMatchObject([
      {
        outcome: 'a',
        turn: 2,
        excluded: null,
        turns: [
          ['Un ?', 'a1', 'b1'],
          ['Deux ?', 'a2', 'b2'],
        ],
      },
      { outcome: 'tie', turn: 1, excluded: 'source', turns: [['Un ?', 'a1', 'b1']] },
    ])
  })
})

describe('annotation tools', () => {
  const content = { prompt: 'Who?', response_a: 'Me.', response_b: 'I.' }

  test('Argilla, nested: each answer to the only question is a vote', async () => {
    await importRecords('argilla', [
      {
        id: 'r1',
        fields: content,
        metadata: { model_a: 'owl', model_b: 'fox' },
        suggestions: {},
        responses: {
          preference: [
            { value: 'response_b', user_id: 'u1' },
            { value: 'tie', user_id: 'u2' },
          ],
        },
        vectors: {},
      },
    ])
    expect(await described()).toMatchObject([
      { outcome: 'b', judge: 'u1', turns: [['Who?', 'Me.', 'I.']] },
      { outcome: 'tie', judge: 'u2' },
    ])
  })

  test('Argilla: a ranking is a judgement, and the question can be named', async () => {
    const record = {
      fields: content,
      metadata: { model_a: 'owl', model_b: 'fox' },
      responses: {
        other: [{ value: 3, user_id: 'u1' }],
        order: [
          {
            value: [
              { value: 'response_b', rank: 1 },
              { value: 'response_a', rank: 2 },
            ],
            user_id: 'u1',
          },
          {
            value: [
              { value: 'response_b', rank: 1 },
              { value: 'response_a', rank: 1 },
            ],
            user_id: 'u2',
          },
          { value: ['response_a', 'response_b'], user_id: 'u3' },
        ],
      },
    }
    const unnamed = await importRecords('argilla', [record])
    expect(unnamed.stderr).toContain('--map winner=responses.QUESTION')
    await importRecords('argilla', [record], '--map', 'winner=responses.order')
    expect((await described()).map(({ outcome, judge }) => [outcome, judge])).toEqual([
      ['b', 'u1'],
      ['tie', 'u2'],
      ['a', 'u3'],
    ])
  })

  test('Argilla, flat: only what was submitted counts', async () => {
    const flat = {
      id: 'r1',
      status: 'completed',
      ...content,
      model_a: 'owl',
      model_b: 'fox',
      'better.responses': ['response_a', 'response_b', 'response_b'],
      'better.responses.users': ['u1', 'u2', 'u3'],
      'better.responses.status': ['submitted', 'discarded', 'submitted'],
    }
    await importRecords('argilla', [flat])
    expect((await described()).map(({ outcome, judge }) => [outcome, judge])).toEqual([
      ['a', 'u1'],
      ['b', 'u3'],
    ])
  })

  test('Label Studio: annotations that were given up are none', async () => {
    const annotation = (selected: string, by: unknown, cancelled = false) => ({
      result: [{ type: 'textarea' }, { type: 'pairwise', value: { selected } }],
      completed_by: by,
      was_cancelled: cancelled,
      created_at: '2026-01-01T10:00:00.123456Z',
    })
    const data = { question: 'Who?', answer1: 'Me.', answer2: 'I.', left_model: 'owl', right_model: 'fox' }
    const record = {
      id: 7,
      data,
      annotations: [annotation('left', 3), annotation('right', { id: 4 }), annotation('left', 5, true)],
    }
    const { summary } = await importRecords('argilla', [record, { ...record, annotations: [] }])
    expect(summary).toMatchObject({ imported: 1, skipped: 1, votes_created: 2 })
    expect(await described()).toMatchObject([
      { models: 'owl / fox', outcome: 'a', judge: '3', turns: [['Who?', 'Me.', 'I.']] },
      { outcome: 'b', judge: '4' },
    ])
  })

  test('fields of other names are found as the operator says', async () => {
    const record = {
      data: { q: 'Who?', left_text: 'Me.', right_text: 'I.' },
      annotations: [{ result: [{ type: 'pairwise', value: { selected: 'left' } }] }],
    }
    const map = [
      'prompt=data.q',
      'response_a=data.left_text',
      'response_b=data.right_text',
      'model_a==owl',
      'model_b==fox',
    ]
    const { summary } = await importRecords('argilla', [record], ...map.flatMap((entry) => ['--map', entry]))
    expect(summary).toMatchObject({ imported: 1 })
    expect(await described()).toMatchObject([{ judge: null, turns: [['Who?', 'Me.', 'I.']] }])
  })
})
