import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeVote, makeImportBench, readVotes, toJsonLines, type ImportBench } from './import-bench.ts'

let bench: ImportBench
beforeEach(() => (bench = makeImportBench()))
afterEach(() => bench.remove())

const described = async () => (await bench.withStore(readVotes)).map(describeVote)

const BATTLE = {
  id: 'x-1',
  category: 'Adversarial/Manual',
  prompt: 'Which bird hunts at night?',
  model_a: 'owl',
  response_a: 'An owl.',
  model_b: 'fox',
  response_b: 'A nightjar.',
  votes: [
    { judge: 'ann1', winner: 'model_a' },
    { judge: 'ann2', winner: 'tie', timestamp: '2026-01-01T00:00:00Z', strength: 1 },
    { judge: 'ann3', winner: 'fox', strength: 2 },
  ],
}

async function importBattles(records: readonly unknown[], ...flags: string[]) {
  return bench.run('battles', bench.write('set.jsonl', toJsonLines(records)), '--json', ...flags)
}

describe('battles with their votes', () => {
  test('bring a prompt, two answers, and every vote', async () => {
    const { summary } = await importBattles([BATTLE])
    expect(summary).toMatchObject({
      models_created: 2,
      prompts_created: 1,
      answers_created: 2,
      battles_created: 1,
      votes_created: 3,
    })
    expect(await described()).toMatchObject([
      {
        outcome: 'a',
        judge: 'ann1',
        categories: ['language-en', 'adversarial-manual'],
        turns: [['Which bird hunts at night?', 'An owl.', 'A nightjar.']],
      },
      { outcome: 'tie', judge: 'ann2' },
      { outcome: 'b', judge: 'ann3' },
    ])
    const [, second, third] = await bench.withStore(readVotes)
    expect(second?.vote).toMatchObject({ strength: 1, at: Date.UTC(2026, 0, 1) })
    expect(third?.vote.strength).toBe(2)
  })

  test('may have no votes yet; votes that come later are taken and the rest is known', async () => {
    await importBattles([
      { ...BATTLE, votes: [] },
      { ...BATTLE, votes: undefined, prompt: 'Another?' },
    ])
    expect(await described()).toEqual([])
    const { summary } = await importBattles([BATTLE])
    expect(summary).toMatchObject({ imported: 1, duplicates: 0, battles_created: 0, votes_created: 3 })
    expect((await importBattles([BATTLE])).summary).toMatchObject({ imported: 0, duplicates: 1 })
  })

  test('a winner of the battle itself is the right judgement and no vote', async () => {
    const { summary } = await importBattles([{ ...BATTLE, votes: [], winner: 'model_b' }])
    expect(summary).toMatchObject({ imported: 1, votes_created: 0 })
    await importBattles([BATTLE])
    const [found] = await bench.withStore(readVotes)
    expect(found?.battle.gold).toBe('b')
  })

  test('truth values and numbers where text belongs become their text; empty answers are answers', async () => {
    await importBattles([
      { ...BATTLE, response_a: true, response_b: '' },
      { ...BATTLE, response_a: 12.5, response_b: '  ' },
    ])
    const turns = (await described()).map((vote) => vote.turns[0]?.slice(1))
    expect(turns[0]).toEqual(['true', ''])
    expect(turns[3]).toEqual(['12.5', '  '])
  })

  test('with several turns are kept whole, each side with its own answers', async () => {
    const side = (who: string) => [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: `${who} 1` },
      { role: 'user', content: 'Two?' },
      { role: 'assistant', content: `${who} 2` },
    ]
    const { summary } = await importBattles([{ ...BATTLE, conversation_a: side('A'), conversation_b: side('B') }])
    expect(summary).toMatchObject({ prompts_created: 0, battles_created: 1, votes_created: 3 })
    const [found] = await bench.withStore(readVotes)
    expect(found && describeVote(found)).toMatchObject({
      turn: 2,
      turns: [
        ['One?', 'A 1', 'B 1'],
        ['Two?', 'A 2', 'B 2'],
      ],
    })
    expect(found?.battle.system).toBe('Be brief.')
  })

  test('an answer that names its model marks its votes, and they count nowhere', async () => {
    await importBattles([{ ...BATTLE, model_a: 'Nightowl-7B', response_a: 'I am Nightowl-7B, and it is the owl.' }])
    const log = await bench.withStore((store) => store.readVoteLog(null, 10))
    expect(log.entries.map(({ uncounted }) => uncounted)).toEqual([
      'identity-leaked',
      'identity-leaked',
      'identity-leaked',
    ])
  })

  test('the test set of PandaLM is read as it is', async () => {
    const record = {
      idx: 0,
      motivation_app: 'Gmail',
      cmp_key: 'opt-7b_bloom-7b',
      instruction: 'Say it.',
      input: 'now',
      response1: 'It.',
      response2: 'That.',
      annotator1: 1,
      annotator2: 0,
      annotator3: 2,
    }
    await importBattles([record, { ...record, input: '' }])
    const votes = await described()
    expect(votes.slice(0, 3)).toMatchObject([
      { models: 'opt-7b / bloom-7b', outcome: 'a', judge: 'annotator1', turns: [['Say it.\nnow', 'It.', 'That.']] },
      { outcome: 'tie' },
      { outcome: 'b' },
    ])
    expect(votes[3]?.turns[0]?.[0]).toBe('Say it.')
    expect((await importBattles([{ ...record, annotator1: 3 }])).summary['by_reason']).toEqual({ bad_winner: 1 })
  })

  test('in a table lists are JSON in a cell', async () => {
    const cell = (value: unknown) =>
      `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`
    const csv = `prompt;model_a;response_a;model_b;response_b;votes\n${[BATTLE.prompt, 'owl', 'An owl.', 'fox', 'A nightjar.', BATTLE.votes].map(cell).join(';')}\n`
    const { summary } = await bench.run('battles', bench.write('set.csv', csv), '--json')
    expect(summary).toMatchObject({ imported: 1, votes_created: 3 })
  })
})

describe('a voter who judged the same battle again', () => {
  test('is counted once: the later judgement stands', async () => {
    const vote = (winner: string, timestamp: string) => ({ judge: 'eve', winner, timestamp })
    await importBattles([
      { ...BATTLE, votes: [vote('model_a', '2026-01-01T00:00:00Z'), vote('model_b', '2026-01-02T00:00:00Z')] },
    ])
    await importBattles([{ ...BATTLE, votes: [vote('tie', '2026-01-01T12:00:00Z')] }])
    const votes = await bench.withStore(readVotes)
    expect(votes.map(({ vote: { outcome, excluded } }) => [outcome, excluded])).toEqual([
      ['a', 'superseded'],
      ['b', null],
      ['tie', 'superseded'],
    ])
  })
})

describe('prompts', () => {
  const importPrompts = (name: string, content: string, ...flags: string[]) =>
    bench.run('prompts', bench.write(name, content), '--json', ...flags)

  test('are texts, messages, or conversations that end with the user', async () => {
    const records = [
      { prompt: 'Who?' },
      {
        prompt: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Who?' },
        ],
      },
      {
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Hello' },
          { role: 'user', content: 'Who?' },
        ],
        category: 'chat',
        language: 'en',
      },
      { prompt: 'Who?', system: 'Be brief.' },
    ]
    const { summary } = await importPrompts('p.jsonl', toJsonLines(records))
    expect(summary).toMatchObject({ read: 4, imported: 3, duplicates: 1, prompts_created: 3 })
  })

  test('each line of a text file is one', async () => {
    const { summary } = await importPrompts('p.txt', 'Who?\r\n\n[Why]\n{"so": what}\n')
    expect(summary).toMatchObject({ read: 3, imported: 3, source: 'p' })
    expect((await importPrompts('other.txt', 'Who?')).summary).toMatchObject({ imported: 0, duplicates: 1 })
  })

  test.each([
    ['nothing', [{ prompt: '' }], 'empty_prompt'],
    ['white space', [{ prompt: ' \t\n' }], 'empty_prompt'],
    [
      'an answer last',
      [
        {
          messages: [
            { role: 'user', content: 'Hi' },
            { role: 'assistant', content: 'Hello' },
          ],
        },
      ],
      'role_order',
    ],
    ['a number of things', [{ prompt: { a: 1 } }], 'bad_value'],
  ])('%s is none', async (_name, records, reason) => {
    const { code, summary } = await importPrompts('p.jsonl', toJsonLines(records))
    expect({ code, reasons: summary['by_reason'] }).toEqual({ code: 1, reasons: { [reason]: 1 } })
  })

  test('are told apart by their ids when the operator says so', async () => {
    const records = [
      { id: 'p1', prompt: 'Who?' },
      { id: 'p2', prompt: 'Who?' },
      { id: 'p1', prompt: 'Changed' },
    ]
    expect((await importPrompts('p.jsonl', toJsonLines(records))).summary).toMatchObject({ prompts_created: 2 })
    expect(
      (await importPrompts('p.jsonl', toJsonLines(records), '--map', 'id=id', '--arena', 'by-id')).summary,
    ).toMatchObject({ prompts_created: 2, duplicates: 1 })
  })
})

const DATA = new URL('../../../../shared/data/', import.meta.url).pathname
const without = existsSync(DATA) ? '' : ` (skipped: ${DATA} is not there)`

describe.skipIf(without !== '')(`the real sets${without}`, () => {
  const zeros = { duplicates: 0, skipped: 0, rejected: 0, by_reason: {}, dry_run: false, files: 1, arena: 'text' }

  test.each([
    [
      'battles',
      'text_pandalm_battles.jsonl',
      {
        read: 999,
        imported: 999,
        models_created: 5,
        prompts_created: 170,
        answers_created: 800,
        battles_created: 999,
        votes_created: 2997,
      },
    ],
    [
      'battles',
      'text_llmfao_battles.jsonl',
      {
        read: 2139,
        imported: 2139,
        models_created: 59,
        prompts_created: 13,
        answers_created: 750,
        battles_created: 2139,
        votes_created: 8931,
      },
    ],
    [
      'battles',
      'text_llmbar_battles.jsonl',
      {
        read: 419,
        imported: 419,
        models_created: 2,
        prompts_created: 418,
        answers_created: 838,
        battles_created: 419,
        votes_created: 0,
      },
    ],
    [
      'votes',
      'llmfao_crowd_votes.csv',
      {
        read: 8931,
        imported: 8931,
        models_created: 59,
        prompts_created: 0,
        answers_created: 0,
        battles_created: 2139,
        votes_created: 8931,
      },
    ],
    [
      'votes',
      'pandalm_votes.csv',
      {
        read: 2997,
        imported: 2997,
        models_created: 5,
        prompts_created: 0,
        answers_created: 0,
        battles_created: 999,
        votes_created: 2997,
      },
    ],
  ])(
    '%s from %s, then again and under `auto`: all known',
    async (kind, file, expected) => {
      const path = `${DATA}${file}`
      const first = await bench.run(kind, path, '--json')
      expect(first.summary).toEqual({ kind, source: file.replace(/\..*/, ''), ...zeros, ...expected })
      const again = await bench.run('auto', path, '--source', 'other', '--json')
      expect(again.summary).toMatchObject({
        kind,
        read: expected.read,
        imported: 0,
        duplicates: expected.read,
        models_created: 0,
        votes_created: 0,
      })
    },
    60_000,
  )

  test('prepared answers count as they did before the votes came', async () => {
    await bench.run('battles', `${DATA}text_pandalm_battles.jsonl`)
    const prompts = await bench.withStore((store) => store.listPreparedPrompts('text'))
    expect(prompts.flatMap(({ answers }) => answers).length).toBe(800)
  })
})
