import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { EVERYTHING } from '../../../server/exports/export-query.ts'
import { aBattle, aTurn, aVote, votesFor } from './battle-makers.ts'
import { exportRows, withoutMeta } from './export-harness.ts'

const asked = { role: 'user', content: 'What is two and two?' }
const four = { role: 'assistant', content: 'Four.' }
const five = { role: 'assistant', content: 'Five.' }
const system = { role: 'system', content: 'Answer in one word.' }

/** Two turns with the same first answers, so that the second is comparable; fox wins. */
const continued = aBattle({
  id: 'battle-continued',
  system: 'Answer in one word.',
  turns: [aTurn('Ready?', 'Yes.', 'Yes.'), aTurn('Name a colour.', 'Loud.', 'Red.')],
  votes: [aVote({ turn: 2, outcome: 'b' })],
})

describe('dpo', () => {
  test('a pair is a prompt with the better and the worse answer, all three lists of messages', async () => {
    const { rows } = await exportRows('dpo', [aBattle()])
    expect(rows).toEqual([
      {
        prompt: [asked],
        chosen: [four],
        rejected: [five],
        meta: {
          id: expect.stringMatching(/^[0-9a-f]{16}$/),
          battle_id: 'battle-1',
          turn: 1,
          arena: 'text',
          categories: 'language-en|math',
          language: 'en',
          chosen_model: 'owl',
          rejected_model: 'fox',
          votes: 1,
          agreement: 1,
          margin: 1,
          source: '',
        },
      },
    ])
  })

  test('system prompt and earlier turns stand in the prompt, which ends with the user', async () => {
    const { rows } = await exportRows('dpo', [continued])
    expect(withoutMeta(rows)).toEqual([
      {
        prompt: [
          system,
          { role: 'user', content: 'Ready?' },
          { role: 'assistant', content: 'Yes.' },
          { role: 'user', content: 'Name a colour.' },
        ],
        chosen: [{ role: 'assistant', content: 'Red.' }],
        rejected: [{ role: 'assistant', content: 'Loud.' }],
      },
    ])
  })

  test('with an implicit prompt both answers begin with it', async () => {
    const { rows } = await exportRows('dpo', [aBattle()], { implicitPrompt: true })
    expect(withoutMeta(rows)).toEqual([{ chosen: [asked, four], rejected: [asked, five] }])
  })

  test('as plain text all three are strings, and what does not fit is dropped', async () => {
    const { rows, summary } = await exportRows('dpo', [aBattle(), continued], { text: true })
    expect(withoutMeta(rows)).toEqual([{ prompt: 'What is two and two?', chosen: 'Four.', rejected: 'Five.' }])
    expect(summary.by_reason).toEqual({ not_plain: 1 })
  })

  test('with an implicit prompt as plain text an empty line stands between prompt and answer', async () => {
    const { rows } = await exportRows('dpo', [aBattle()], { text: true, implicitPrompt: true })
    expect(withoutMeta(rows)).toEqual([
      { chosen: 'What is two and two?\n\nFour.', rejected: 'What is two and two?\n\nFive.' },
    ])
  })

  test('of several votes the commonest outcome counts, and the row says how many agreed', async () => {
    const { rows } = await exportRows('dpo', [aBattle({ votes: votesFor('b', 'b', 'a', 'tie') })])
    expect(rows[0]).toMatchObject({
      chosen: [five],
      meta: { votes: 4, agreement: 0.5, margin: 0.25, chosen_model: 'fox', rejected_model: 'owl' },
    })
  })

  test('ties can be written both ways round, without a margin', async () => {
    const { rows, summary } = await exportRows('dpo', [aBattle({ votes: votesFor('tie', 'tie', 'a') })], {
      ties: 'both',
    })
    expect(withoutMeta(rows)).toEqual([
      { prompt: [asked], chosen: [four], rejected: [five] },
      { prompt: [asked], chosen: [five], rejected: [four] },
    ])
    expect(rows.map(({ meta }) => meta)).toMatchObject([{ margin: 0 }, { margin: 0 }])
    expect(summary).toMatchObject({ units: 1, kept: 1, rows: 2 })
  })

  test('so can battles in which both answers were bad', async () => {
    const { rows } = await exportRows('dpo', [aBattle({ votes: votesFor('both_bad') })], { bothBad: 'both' })
    expect(rows).toHaveLength(2)
  })
})

describe('reward', () => {
  test('two whole conversations, also where the histories differ', async () => {
    const diverged = aBattle({
      turns: [aTurn('Hello?', 'Hi.', 'Good day.'), aTurn('Name a bird.', 'Owl.', 'Bat.')],
      votes: [aVote({ turn: 2, outcome: 'a' })],
    })
    const { rows } = await exportRows('reward', [diverged])
    const conversation = (hello: string, bird: string) => [
      { role: 'user', content: 'Hello?' },
      { role: 'assistant', content: hello },
      { role: 'user', content: 'Name a bird.' },
      { role: 'assistant', content: bird },
    ]
    expect(withoutMeta(rows)).toEqual([
      { chosen: conversation('Hi.', 'Owl.'), rejected: conversation('Good day.', 'Bat.') },
    ])
    expect((await exportRows('dpo', [diverged])).summary.by_reason).toEqual({ diverged: 1 })
  })

  test('the margin is the share of votes, or the mean strength of those for the better answer', async () => {
    const votes = [
      aVote({ outcome: 'a', strength: 2 }),
      aVote({ outcome: 'a', strength: 1 }),
      aVote({ outcome: 'b', strength: 2 }),
      aVote({ outcome: 'a' }),
    ]
    const marginOf = async (margin: 'share' | 'strength') =>
      (await exportRows('reward', [aBattle({ votes })], { margin })).rows[0]?.margin
    expect(await marginOf('share')).toBe(0.5)
    expect(await marginOf('strength')).toBeCloseTo(4 / 3, 12)
    expect((await exportRows('reward', [aBattle({ votes })])).rows[0]).not.toHaveProperty('margin')
  })

  test('both ways round the margin is 0', async () => {
    const tie = aBattle({ votes: votesFor('tie') })
    const { rows } = await exportRows('reward', [tie], { ties: 'both', margin: 'strength' })
    expect(rows.map(({ margin }) => margin)).toEqual([0, 0])
  })

  test('as plain text prompt and answer are one string', async () => {
    const { rows } = await exportRows('reward', [aBattle()], { text: true })
    expect(withoutMeta(rows)).toEqual([
      { chosen: 'What is two and two?\n\nFour.', rejected: 'What is two and two?\n\nFive.' },
    ])
  })
})

describe('kto', () => {
  test('a battle is a good and a bad answer', async () => {
    const { rows } = await exportRows('kto', [aBattle()])
    expect(withoutMeta(rows)).toEqual([
      { prompt: [asked], completion: [four], label: true },
      { prompt: [asked], completion: [five], label: false },
    ])
    expect(rows.map(({ meta }) => meta)).toMatchObject([
      { model: 'owl', votes: 1, margin: 1 },
      { model: 'fox', votes: 1, margin: 1 },
    ])
  })

  test('each answer brings its own history', async () => {
    const diverged = aBattle({
      turns: [aTurn('Hello?', 'Hi.', 'Good day.'), aTurn('Name a bird.', 'Owl.', 'Bat.')],
      votes: [aVote({ turn: 2, outcome: 'b' })],
    })
    const { rows } = await exportRows('kto', [diverged])
    expect(rows).toMatchObject([
      { prompt: [{}, { content: 'Good day.' }, {}], completion: [{ content: 'Bat.' }], label: true },
      { prompt: [{}, { content: 'Hi.' }, {}], completion: [{ content: 'Owl.' }], label: false },
    ])
  })

  test('the bad answer comes 64 battles after the good one, the rest at the end', async () => {
    const battles = Array.from({ length: 70 }, (_, index) =>
      aBattle({ id: `battle-${index}`, turns: [aTurn(`Question ${index}?`, 'Good.', 'Bad.')] }),
    )
    const { rows } = await exportRows('kto', battles)
    const order = rows.map(
      ({ label, prompt }) => `${label === true ? '+' : '-'}${JSON.stringify(prompt).match(/\d+/)?.[0]}`,
    )
    const goods = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `+${from + index}`)
    expect(order).toEqual([
      ...goods(0, 65),
      '-0',
      '+65',
      '-1',
      '+66',
      '-2',
      '+67',
      '-3',
      '+68',
      '-4',
      '+69',
      '-5',
      ...Array.from({ length: 64 }, (_, index) => `-${6 + index}`),
    ])
  })

  test('a tie can be two good answers, two bad ones can be two bad answers', async () => {
    const labels = async (outcome: 'tie' | 'both_bad') =>
      (await exportRows('kto', [aBattle({ votes: votesFor(outcome) })], { ties: 'both', bothBad: 'both' })).rows.map(
        ({ label }) => label,
      )
    expect(await labels('tie')).toEqual([true, true])
    expect(await labels('both_bad')).toEqual([false, false])
  })

  test('with a model asked for, only its rows are written', async () => {
    const battles = [aBattle(), aBattle({ id: 'b2', models: { a: 'elk', b: 'fox' }, turns: [aTurn('Q?', 'x', 'y')] })]
    const { rows, summary } = await exportRows('kto', battles, { filter: { ...EVERYTHING, models: ['owl'] } })
    expect(rows.map(({ meta }) => meta)).toMatchObject([{ model: 'owl' }])
    expect(summary).toMatchObject({ units: 1, kept: 1, rows: 1 })
  })
})

describe('openai', () => {
  test('exactly the keys of the layout, and one message a side', async () => {
    const { rows } = await exportRows('openai', [continued])
    expect(rows).toEqual([
      {
        input: {
          messages: [
            system,
            { role: 'user', content: 'Ready?' },
            { role: 'assistant', content: 'Yes.' },
            { role: 'user', content: 'Name a colour.' },
          ],
        },
        preferred_output: [{ role: 'assistant', content: 'Red.' }],
        non_preferred_output: [{ role: 'assistant', content: 'Loud.' }],
      },
    ])
  })
})

describe('llamafactory', () => {
  test('speakers alternate from the human, and the system prompt has its own column', async () => {
    const { rows } = await exportRows('llamafactory', [continued])
    expect(withoutMeta(rows)).toEqual([
      {
        conversations: [
          { from: 'human', value: 'Ready?' },
          { from: 'gpt', value: 'Yes.' },
          { from: 'human', value: 'Name a colour.' },
        ],
        chosen: { from: 'gpt', value: 'Red.' },
        rejected: { from: 'gpt', value: 'Loud.' },
        system: 'Answer in one word.',
      },
    ])
  })

  test('as plain text earlier turns are pairs in the history', async () => {
    const { rows } = await exportRows('llamafactory', [continued, aBattle()], { text: true })
    expect(withoutMeta(rows)).toEqual([
      {
        instruction: 'Name a colour.',
        input: '',
        chosen: 'Red.',
        rejected: 'Loud.',
        system: 'Answer in one word.',
        history: [['Ready?', 'Yes.']],
      },
      { instruction: 'What is two and two?', input: '', chosen: 'Four.', rejected: 'Five.', system: '', history: [] },
    ])
  })
})

describe('axolotl', () => {
  test('messages up to the answer, then one message object a side', async () => {
    const { rows } = await exportRows('axolotl', [aBattle()])
    expect(withoutMeta(rows)).toEqual([{ messages: [asked], chosen: four, rejected: five }])
  })

  test('as plain text there is a system prompt and one turn', async () => {
    const spoken = aBattle({ id: 'spoken', system: 'Be brief.', turns: [aTurn('Why?', 'So.', 'Because.')] })
    const { rows, summary } = await exportRows('axolotl', [spoken, continued], { text: true })
    expect(withoutMeta(rows)).toEqual([{ system: 'Be brief.', question: 'Why?', chosen: 'So.', rejected: 'Because.' }])
    expect(summary.by_reason).toEqual({ not_plain: 1 })
  })
})

describe('ultrafeedback', () => {
  test('scores are shares of points in the battle', async () => {
    const { rows } = await exportRows('ultrafeedback', [aBattle({ votes: votesFor('a', 'a', 'tie', 'b', 'both_bad') })])
    expect(withoutMeta(rows)).toEqual([
      {
        prompt: 'What is two and two?',
        prompt_id: createHash('sha256').update('What is two and two?').digest('hex'),
        chosen: [asked, four],
        rejected: [asked, five],
        messages: [asked, four],
        score_chosen: 0.5,
        score_rejected: 0.3,
      },
    ])
  })
})

describe('sft', () => {
  test('the better conversation up to the turn that was judged', async () => {
    const { rows } = await exportRows('sft', [continued])
    expect(rows).toMatchObject([
      {
        messages: [
          system,
          { content: 'Ready?' },
          { content: 'Yes.' },
          { content: 'Name a colour.' },
          { role: 'assistant', content: 'Red.' },
        ],
        meta: { model: 'fox' },
      },
    ])
  })

  test('an answer that won twice is written once, and of a tie both answers are', async () => {
    const again = aBattle({
      id: 'b2',
      models: { a: 'owl', b: 'elk' },
      turns: [aTurn('What is two and two?', 'Four.', '4?')],
    })
    const { rows, summary } = await exportRows('sft', [aBattle(), again])
    expect(rows).toHaveLength(1)
    expect(summary.by_reason).toEqual({ duplicate: 1 })
    expect((await exportRows('sft', [aBattle({ votes: votesFor('tie') })], { ties: 'both' })).rows).toHaveLength(2)
  })

  test('with a model asked for, battles that it lost are no units at all', async () => {
    const filter = { ...EVERYTHING, models: ['fox'] }
    expect((await exportRows('sft', [aBattle()], { filter })).summary).toMatchObject({ units: 0, rows: 0 })
  })

  test('as plain text prompt and completion are strings', async () => {
    const { rows } = await exportRows('sft', [aBattle()], { text: true })
    expect(withoutMeta(rows)).toEqual([{ prompt: 'What is two and two?', completion: 'Four.' }])
  })
})

describe('rank', () => {
  const answerBattle = (
    id: string,
    models: [string, string],
    texts: [string, string],
    ...outcomes: Parameters<typeof votesFor>
  ) =>
    aBattle({
      id,
      models: { a: models[0], b: models[1] },
      turns: [aTurn('Name a prime.', ...texts)],
      votes: votesFor(...outcomes),
    })

  test('answers to one prompt stand in the order of their points, equal shares on one rank', async () => {
    const { rows, summary } = await exportRows('rank', [
      answerBattle('b1', ['owl', 'fox'], ['7', '8'], 'a', 'a', 'tie'),
      answerBattle('b2', ['fox', 'elk'], ['8', '9'], 'tie'),
      answerBattle('b3', ['elk', 'owl'], ['9', '7'], 'b'),
    ])
    // 7: 2½ + 1 of 4; 8: ½ + ½ of 4; 9: ½ + 0 of 2
    expect(rows).toEqual([
      {
        context: [{ role: 'user', content: 'Name a prime.' }],
        completions: [
          { rank: 0, completion: [{ role: 'assistant', content: '7' }] },
          { rank: 1, completion: [{ role: 'assistant', content: '8' }] },
          { rank: 1, completion: [{ role: 'assistant', content: '9' }] },
        ],
        meta: {
          id: expect.stringMatching(/^[0-9a-f]{16}$/),
          battle_id: 'b1',
          turn: 1,
          arena: 'text',
          categories: 'language-en|math',
          language: 'en',
          models: 'owl|fox|elk',
          votes: 5,
          agreement: 0.8,
          margin: 0.625,
          source: '',
        },
      },
    ])
    expect(summary).toMatchObject({ units: 3, kept: 3, rows: 1, by_reason: {} })
  })

  test('answers that no votes join are two lists, and other prompts are others', async () => {
    const { rows } = await exportRows('rank', [
      answerBattle('b1', ['owl', 'fox'], ['7', '8'], 'a'),
      answerBattle('b2', ['elk', 'ram'], ['11', '12'], 'b'),
      aBattle({ id: 'b3' }),
      aBattle({ id: 'b4', system: 'Answer in one word.' }),
    ])
    expect(rows.map(({ meta }) => meta)).toMatchObject([
      { models: 'owl|fox' },
      { models: 'ram|elk' },
      { models: 'owl|fox' },
      { models: 'owl|fox' },
    ])
    expect(rows[3]).toMatchObject({ context: [system, asked] })
  })

  test('a conversation of several turns is in no list', async () => {
    expect((await exportRows('rank', [continued])).summary.by_reason).toEqual({ not_plain: 1 })
  })
})
