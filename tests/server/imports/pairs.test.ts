import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeImportBench, readVotes, toJsonLines, type ImportBench } from './import-bench.ts'

let bench: ImportBench
beforeEach(() => (bench = makeImportBench()))
afterEach(() => bench.remove())

const user = (content: string) => ({ role: 'user', content })
const assistant = (content: string) => ({ role: 'assistant', content })
const system = (content: string) => ({ role: 'system', content })

async function importPairs(records: readonly unknown[], ...flags: string[]) {
  return bench.run('pairs', bench.write('set.jsonl', toJsonLines(records)), '--json', ...flags)
}

/** Pairs as they were stored: what was asked, what was preferred, what was not. */
async function storedPairs() {
  const votes = await bench.withStore(readVotes)
  return votes.map(({ vote: { outcome, excluded }, battle: { turns, models, system: said } }) => {
    const [chosen, rejected] = outcome === 'a' ? (['a', 'b'] as const) : (['b', 'a'] as const)
    return {
      system: said,
      turns: turns.map(({ prompt, answers }) => [prompt, answers[chosen], answers[rejected]]),
      models: [models[chosen], models[rejected]],
      excluded,
    }
  })
}

const ONE_TURN = [['Who?', 'Me.', 'I.']]
const UNRATED = { system: '', models: ['set:chosen', 'set:rejected'], excluded: 'unrated' }

describe('a preference pair', () => {
  test.each([
    ['TRL, explicit, messages', { prompt: [user('Who?')], chosen: [assistant('Me.')], rejected: [assistant('I.')] }],
    ['TRL, explicit, texts', { prompt: 'Who?', chosen: 'Me.', rejected: 'I.' }],
    ['TRL, implicit', { chosen: [user('Who?'), assistant('Me.')], rejected: [user('Who?'), assistant('I.')] }],
    ['texts that begin with the prompt', { chosen: 'Who?\n\nMe.', rejected: 'Who?\n\nI.' }],
    [
      'OpenAI',
      {
        input: { messages: [user('Who?')] },
        preferred_output: [assistant('Me.')],
        non_preferred_output: [assistant('I.')],
      },
    ],
    [
      'LLaMA-Factory, ShareGPT',
      {
        conversations: [{ from: 'human', value: 'Who?' }],
        chosen: { from: 'gpt', value: 'Me.' },
        rejected: { from: 'gpt', value: 'I.' },
      },
    ],
    ['LLaMA-Factory, Alpaca', { instruction: 'Who?', input: '', chosen: 'Me.', rejected: 'I.' }],
    ['Axolotl, chat template', { messages: [user('Who?')], chosen: assistant('Me.'), rejected: assistant('I.') }],
    ['Axolotl, one string for messages', { messages: 'Who?', chosen: 'Me.', rejected: 'I.' }],
    ['Axolotl, Intel', { question: 'Who?', chosen: 'Me.', rejected: 'I.' }],
    ['Axolotl, Argilla', { instruction: 'Who?', chosen_response: 'Me.', rejected_response: 'I.' }],
    ['ms-swift', { messages: [user('Who?'), assistant('Me.')], rejected_response: 'I.' }],
    [
      'UltraFeedback',
      {
        prompt: 'Who?',
        chosen: [user('Who?'), assistant('Me.')],
        rejected: [user('Who?'), assistant('I.')],
        messages: [user('Who?'), assistant('Me.')],
        score_chosen: 9,
        score_rejected: 2,
      },
    ],
    ['transcripts', { chosen: '\n\nHuman: Who?\n\nAssistant: Me.', rejected: '\n\nHuman: Who?\n\nAssistant: I.' }],
    [
      'NeMo, ranked',
      {
        context: [user('Who?')],
        completions: [
          { rank: 1, completion: [assistant('I.')] },
          { rank: 0, completion: [assistant('Me.')] },
        ],
      },
    ],
  ])('in the layout of %s is read', async (_name, record) => {
    const { code, stderr } = await importPairs([record])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(await storedPairs()).toEqual([{ ...UNRATED, turns: ONE_TURN }])
  })

  test('keeps the system prompt and the turns before', async () => {
    const before = [user('Hi'), assistant('Hello')]
    const expected = { ...UNRATED, system: 'Be brief.', turns: [['Hi', 'Hello', 'Hello'], ...ONE_TURN] }
    await importPairs([
      {
        prompt: [system('Be brief.'), ...before, user('Who?')],
        chosen: [assistant('Me.')],
        rejected: [assistant('I.')],
      },
    ])
    const alpaca = {
      instruction: 'Who?',
      history: [['Hi', 'Hello']],
      system: 'Be brief.',
      chosen: 'Me.',
      rejected: 'I.',
    }
    await importPairs([alpaca], '--source', 'set')
    expect(await storedPairs()).toEqual([expected])
  })

  test('transcripts are split where both sides last agree', async () => {
    const start = '\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Who?\n\nAssistant: '
    await importPairs([{ chosen: `${start}Me. And\n\nyou?`, rejected: `${start}I.` }])
    expect((await storedPairs())[0]?.turns).toEqual([
      ['Hi', 'Hello', 'Hello'],
      ['Who?', 'Me. And\n\nyou?', 'I.'],
    ])
  })

  test('whole conversations may differ before their last answer', async () => {
    const side = (first: string, last: string) => [user('One?'), assistant(first), user('Two?'), assistant(last)]
    await importPairs([{ chosen: side('1a', '2a'), rejected: side('1b', '2b') }])
    expect((await storedPairs())[0]?.turns).toEqual([
      ['One?', '1a', '1b'],
      ['Two?', '2a', '2b'],
    ])
    const { summary } = await importPairs([
      { chosen: side('1a', '2a'), rejected: [user('Other?'), assistant('1b'), user('Two?'), assistant('2b')] },
    ])
    expect(summary['by_reason']).toEqual({ bad_value: 1 })
  })

  test('with both models named is a vote that counts', async () => {
    await importPairs([
      {
        prompt: 'Who?',
        chosen: 'Me.',
        rejected: 'I.',
        meta: { chosen_model: 'owl', rejected_model: 'fox', language: 'en', categories: 'coding|math' },
      },
    ])
    expect(await storedPairs()).toEqual([{ system: '', turns: ONE_TURN, models: ['owl', 'fox'], excluded: null }])
    const log = await bench.withStore((store) => store.readVoteLog(null, 10))
    expect(log.entries).toMatchObject([
      { uncounted: null, categories: ['language-en', 'coding', 'math'], language: 'en' },
    ])
  })

  test('does not always have the better answer on the same side, and has it where it was when it comes again', async () => {
    const pairs = Array.from({ length: 60 }, (_, index) => ({
      prompt: `Who is ${index}?`,
      chosen: 'Me.',
      rejected: 'I.',
    }))
    await importPairs(pairs)
    const sides = (await bench.withStore(readVotes)).map(({ vote }) => vote.outcome)
    expect(sides.filter((side) => side === 'a').length).toBeGreaterThan(10)
    expect(sides.filter((side) => side === 'b').length).toBeGreaterThan(10)
    expect((await importPairs(pairs.toReversed())).summary).toMatchObject({ imported: 0, duplicates: 60 })
  })

  test('every answer of a ranked list is preferred to each that ranks below it', async () => {
    const answer = (rank: number, text: string) => ({ rank, completion: [assistant(text)] })
    const completions = [answer(0, 'best'), answer(1, 'good'), answer(1, 'good too'), answer(2, 'bad')]
    const { summary } = await importPairs([{ context: [user('Who?')], completions, meta: { models: 'm1|m2|m3|m4' } }])
    expect(summary).toMatchObject({ imported: 1, votes_created: 5, models_created: 4 })
    expect((await storedPairs()).map(({ turns }) => turns[0]?.slice(1).join(' > '))).toEqual([
      'best > good',
      'best > good too',
      'best > bad',
      'good > bad',
      'good too > bad',
    ])
  })

  test.each([
    ['two equal answers are skipped', { prompt: 'Who?', chosen: ' Me.', rejected: 'Me.\n' }, { same_text: 1 }],
    ['a prompt of nothing is refused', { prompt: ' \n', chosen: 'Me.', rejected: 'I.' }, { empty_prompt: 1 }],
    ['one answer alone is refused', { prompt: 'Who?', chosen: 'Me.' }, { missing_field: 1 }],
    [
      'one model twice is refused',
      { prompt: 'Who?', chosen: 'Me.', rejected: 'I.', chosen_model: 'owl', rejected_model: 'owl' },
      { same_model: 1 },
    ],
    [
      'a conversation without an order is refused',
      { prompt: [user('Who?'), user('Who?')], chosen: [assistant('Me.')], rejected: [assistant('I.')] },
      { role_order: 1 },
    ],
    [
      'an unknown role is refused',
      { prompt: [{ role: 'tool', content: 'x' }], chosen: [assistant('Me.')], rejected: [assistant('I.')] },
      { role_order: 1 },
    ],
  ])('%s', async (_name, record, reasons) => {
    const { summary } = await importPairs([record], '--on-error', 'skip')
    expect(summary).toMatchObject({ read: 1, imported: 0, by_reason: reasons })
  })
})
