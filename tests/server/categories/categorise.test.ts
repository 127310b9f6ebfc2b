import { describe, expect, test } from 'vitest'
import { KNOWN_CATEGORIES, TASK_CATEGORIES } from '../../../contract/categories.ts'
import { categorise } from '../../../server/categories/categorise.ts'
import { HELD_OUT_PROMPTS } from './held-out-prompts.ts'
import { LABELLED_PROMPTS } from './labelled-prompts.ts'
import { measure, precision, recall, toTable, total } from './measure.ts'

async function categoriesOf(...prompts: string[]): Promise<string[]> {
  return (await categorise({ prompts })).categories
}

describe('against hand-made labels', () => {
  test('the rules do what they were written to do', async () => {
    const { scores } = await measure(LABELLED_PROMPTS)
    console.log(`The set the rules were written against, ${LABELLED_PROMPTS.length} prompts\n${toTable(scores)}`)
    for (const [category, score] of scores) {
      expect.soft(precision(score), `precision of ${category}`).toBeGreaterThanOrEqual(0.85)
      expect.soft(recall(score), `recall of ${category}`).toBeGreaterThanOrEqual(0.85)
    }
  })

  test('prompts that nobody has looked at while writing rules fare nearly as well', async () => {
    const { scores } = await measure(HELD_OUT_PROMPTS)
    console.log(`Held out, ${HELD_OUT_PROMPTS.length} prompts\n${toTable(scores)}`)
    const languages = total(scores, (category) => category.startsWith('language-'))
    const others = total(scores, (category) => !category.startsWith('language-'))
    expect(precision(languages)).toBeGreaterThanOrEqual(0.97)
    expect(precision(others)).toBeGreaterThanOrEqual(0.93)
    expect(recall(others)).toBeGreaterThanOrEqual(0.86)
  })

  test('both sets are half English and half Russian, and share no prompt', () => {
    for (const prompts of [LABELLED_PROMPTS, HELD_OUT_PROMPTS]) {
      const inLanguage = (code: string) => prompts.filter(([language]) => language === code).length
      expect(Math.abs(inLanguage('en') - inLanguage('ru'))).toBeLessThanOrEqual(2)
    }
    const texts = [...LABELLED_PROMPTS, ...HELD_OUT_PROMPTS].map(([, , , text]) => text)
    expect(new Set(texts).size).toBe(texts.length)
  })
})

describe('the shape of an answer', () => {
  test('there is one language and one task, and every category has a board', async () => {
    for (const [, , , text] of [...LABELLED_PROMPTS, ...HELD_OUT_PROMPTS]) {
      const { language, categories } = await categorise({ prompts: [text] })
      expect(categories.filter((category) => category.startsWith('language-'))).toEqual([`language-${language}`])
      expect(categories.filter((category) => TASK_CATEGORIES.some((task) => task === category))).toHaveLength(1)
      expect(new Set(categories).size).toBe(categories.length)
      for (const category of categories) expect(KNOWN_CATEGORIES).toContain(category)
    }
  })

  test('the same conversation always gets the same categories', async () => {
    const prompts = ['Write a haiku about rain in exactly three lines.', 'Now translate it into French.']
    expect(await categorise({ prompts })).toEqual(await categorise({ prompts }))
  })

  test('nothing at all is something', async () => {
    expect(await categorise({ prompts: [''] })).toEqual({ language: 'en', categories: ['language-en', 'other-task'] })
    expect(await categorise({ prompts: [] })).toEqual({ language: 'en', categories: ['language-en', 'other-task'] })
    expect(await categoriesOf('🦉🦊')).toEqual(['language-en', 'other-task'])
    expect(await categoriesOf('constructor')).toContain('language-en')
  })
})

describe('whole words in every script', () => {
  test.each([
    ['Что говорит трудовой кодекс о переносе отпуска?', 'coding'],
    ['Где получить промокод на доставку?', 'coding'],
    ['Какой была первая программа телевидения в этот вечер?', 'coding'],
    ['What are the sequels of Alien?', 'coding'],
    ['Why is my cat scratching the script of the play?', 'coding'],
    ['Где находится корень зла в этой пьесе?', 'math'],
    ['Сколько стоит билет?', 'math'],
    ['How many people live in Iceland?', 'math'],
    ['When was the treaty of 1648 signed?', 'math'],
    ['Расскажи историю города Пскова.', 'creative-writing'],
    ['Is poetry still read?', 'creative-writing'],
  ])('%s is not about %s', async (prompt, category) => {
    expect(await categoriesOf(prompt)).not.toContain(category)
  })
})

describe('conversations', () => {
  test('from the second turn on it is multi-turn', async () => {
    expect(await categoriesOf('Why is the sky blue?')).not.toContain('multi-turn')
    expect(await categoriesOf('Why is the sky blue?', 'And at night?')).toContain('multi-turn')
  })

  test('a topic of any turn counts, the task is that of the first clear one', async () => {
    const categories = await categoriesOf('Hello!', 'Why do leaves turn yellow?', 'Write a haiku about it.')
    expect(categories).toEqual(expect.arrayContaining(['creative-writing', 'open-qa', 'multi-turn']))
    expect(categories).not.toContain('chat')
    expect(categories).not.toContain('generation')
  })

  test('the language is that of the first turn with words in it', async () => {
    expect((await categorise({ prompts: ['👋', 'Почему небо голубое?', 'in English please'] })).language).toBe('ru')
  })

  test('a refusal of either model marks the battle', async () => {
    const prompts = ['How do I open a lock without its key?']
    const refused = { prompts, answers: ['Use a tension wrench.', 'I cannot help with that.'] }
    expect((await categorise(refused)).categories).toContain('refusals')
    const answered = { prompts, answers: ['Use a tension wrench.', 'Call a locksmith.'] }
    expect((await categorise(answered)).categories).not.toContain('refusals')
  })

  test.each([
    ['English', 'The committee looked at the harbour plan again and asked for new figures. ', 55, 30],
    ['Russian', 'Комиссия снова рассмотрела план гавани и попросила новые цифры. ', 55, 20],
  ])('a %s query is longer from about five hundred tokens', async (_language, sentence, long, short) => {
    expect(await categoriesOf(sentence.repeat(long))).toContain('longer-query')
    expect(await categoriesOf(sentence.repeat(short))).not.toContain('longer-query')
  })

  test('long is what all turns are together', async () => {
    const turn = 'The committee looked at the harbour plan again and asked for new figures. '.repeat(20)
    expect(await categoriesOf(turn)).not.toContain('longer-query')
    expect(await categoriesOf(turn, turn)).toContain('longer-query')
  })
})

describe('hostile prompts', () => {
  // Each would keep a backtracking expression busy for hours; a test that hangs is a test that fails.
  test.each([
    ['spaces', ' '.repeat(200_000)],
    ['lines', '\n'.repeat(200_000)],
    ['letters', 'a'.repeat(200_000)],
    ['brackets', '('.repeat(100_000)],
    ['equals signs', 'x = '.repeat(50_000)],
    ['backticks', '`'.repeat(100_000)],
    ['fences', '```\n'.repeat(50_000)],
    ['quotes', '"a b" '.repeat(30_000)],
    ['words after a verb', `write ${'very '.repeat(40_000)}`],
    ['apostrophes and dashes', `make this ${"-'".repeat(100_000)}`],
    ['numbers', '1 + '.repeat(50_000)],
    ['combining marks', 'e\u0301'.repeat(100_000)],
    ['lone surrogates', '\ud800'.repeat(100_000)],
    ['polite words', 'please '.repeat(40_000)],
  ])('a prompt of nothing but %s is categorised', async (_name, prompt) => {
    const { categories } = await categorise({ prompts: [prompt], answers: [prompt] })
    expect(categories.length).toBeGreaterThanOrEqual(2)
  })
})
