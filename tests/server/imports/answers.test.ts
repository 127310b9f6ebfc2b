import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeImportBench, NOON, toJsonLines, type ImportBench } from './import-bench.ts'

let bench: ImportBench
beforeEach(() => (bench = makeImportBench()))
afterEach(() => bench.remove())

const OWL = {
  prompt: 'Which bird hunts at night?',
  model: 'owl',
  response: 'An owl.',
  language: 'en',
  category: 'birds',
}
const FOX = { ...OWL, model: 'fox', response: 'A nightjar, or an owl.' }

async function preparedPrompts() {
  return bench.withStore(async (store) => {
    const models = new Map((await store.listModels()).map(({ id, name }) => [id, name]))
    const prompts = await store.listPreparedPrompts('text')
    return prompts.map(({ language, categories, answers }) => ({
      language,
      categories,
      models: answers.map(({ modelId }) => models.get(modelId) ?? '').toSorted(),
    }))
  })
}

const EXPECTED = [{ language: 'en', categories: ['language-en', 'birds'], models: ['fox', 'owl'] }]

describe('prepared answers', () => {
  test.each([
    ['a JSON record a line', toJsonLines([OWL, FOX])],
    ['a JSON array over many lines', JSON.stringify([OWL, FOX], null, 2)],
    [
      'a table',
      `prompt,model,response,language,category\r\n"${OWL.prompt}",owl,An owl.,en,birds\r\n"${OWL.prompt}",fox,"A nightjar, or an owl.",en,birds\r\n`,
    ],
    [
      'a packed table with a byte order mark',
      gzipSync(
        `\uFEFFprompt;model;response;language;category\n${OWL.prompt};owl;An owl.;en;birds\n${OWL.prompt};fox;A nightjar, or an owl.;en;birds`,
      ),
    ],
  ])('%s becomes a prompt with two answers', async (_name, content) => {
    const file = bench.write('night.dat', content)
    const { code, summary, stderr } = await bench.run('answers', file, '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(summary).toEqual({
      kind: 'answers',
      arena: 'text',
      source: 'night.dat',
      files: 1,
      read: 2,
      imported: 2,
      duplicates: 0,
      skipped: 0,
      rejected: 0,
      by_reason: {},
      models_created: 2,
      prompts_created: 1,
      answers_created: 2,
      battles_created: 0,
      votes_created: 0,
      dry_run: false,
    })
    expect(await preparedPrompts()).toEqual(EXPECTED)
  })

  test('the same file again changes nothing, under any name', async () => {
    await bench.run('answers', bench.write('one.jsonl', toJsonLines([OWL, FOX])))
    const again = await bench.run('answers', bench.write('two.json', JSON.stringify([FOX, OWL])), '--json')
    expect(again.summary).toMatchObject({ read: 2, imported: 0, duplicates: 2, models_created: 0, prompts_created: 0 })
    expect(await preparedPrompts()).toEqual(EXPECTED)
  })

  test('an unknown model comes in paused, a known one stays as it is', async () => {
    await bench.run('answers', bench.write('one.jsonl', toJsonLines([OWL])))
    await bench.withStore(async (store) => {
      const [owl] = await store.listModels()
      expect(owl).toMatchObject({ name: 'owl', status: 'paused', endpoint: null, sample: false, createdAt: NOON })
      await store.setModelStatus(owl ? [owl.id] : [], 'active')
    })
    await bench.run('answers', bench.write('two.jsonl', toJsonLines([OWL, FOX])))
    const statuses = await bench.withStore(async (store) =>
      (await store.listModels()).map(({ name, status }) => [name, status]),
    )
    expect(statuses).toEqual([
      ['fox', 'paused'],
      ['owl', 'active'],
    ])
  })

  test('one bad record stops everything before anything is written', async () => {
    const file = bench.write('bad.jsonl', `${toJsonLines([OWL])}\n{"prompt": "Why?", "model": "fox"}\n`)
    const { code, stderr, summary } = await bench.run('answers', file, '--json')
    expect(code).toBe(1)
    expect(stderr).toBe(`${file}:3: response: expected text, got nothing\n`)
    expect(summary).toMatchObject({ read: 2, imported: 0, rejected: 1, by_reason: { missing_field: 1 } })
    expect(await bench.withStore((store) => store.listModels())).toEqual([])
  })

  test('bad records can be set aside, each with its place and its text', async () => {
    const file = bench.write(
      'bad.jsonl',
      `${toJsonLines([OWL])}{"prompt": "Why?", "model": "fox"}\n${toJsonLines([FOX])}`,
    )
    const rejects = `${bench.folder}/rejects.jsonl`
    const { code, summary } = await bench.run('answers', file, '--on-error', 'skip', '--reject-file', rejects, '--json')
    expect(code).toBe(0)
    expect(summary).toMatchObject({ read: 3, imported: 2, rejected: 1, by_reason: { missing_field: 1 } })
    expect(JSON.parse(bench.read('rejects.jsonl'))).toEqual({
      file,
      line: 2,
      reason: 'missing_field',
      field: 'response',
      message: 'expected text, got nothing',
      raw: '{"prompt": "Why?", "model": "fox"}',
    })
  })

  test('columns of other names are found as the operator says, inside objects and lists too', async () => {
    const record = { messages: [{ content: OWL.prompt }], meta: { 'short.name': 'owl' }, reply: OWL.response }
    const file = bench.write('odd.jsonl', toJsonLines([record]))
    const map = ['prompt=messages.0.content', 'response=reply', 'model==owl', 'language==en', 'category==birds']
    const { summary } = await bench.run('answers', file, ...map.flatMap((entry) => ['--map', entry]), '--json')
    expect(summary).toMatchObject({ imported: 1, rejected: 0 })
    await bench.run('answers', bench.write('fox.jsonl', toJsonLines([FOX])))
    expect(await preparedPrompts()).toEqual(EXPECTED)
  })

  test('language and categories come from the rules when the record brings none', async () => {
    const prompt = 'Напиши функцию на Python, которая переворачивает строку.'
    const answers = ['owl', 'fox'].map((model) => ({ prompt, model, response: `${model}: s[::-1]` }))
    await bench.run('answers', bench.write('ru.jsonl', toJsonLines(answers)))
    const [found] = await preparedPrompts()
    expect(found?.language).toBe('ru')
    expect(found?.categories).toEqual(expect.arrayContaining(['language-ru', 'coding']))
  })

  test('what stdin brings is imported like a file', async () => {
    const { code, summary } = await bench.runWithStdin(toJsonLines([OWL, FOX]), 'answers', '-', '--json')
    expect(code).toBe(0)
    expect(summary).toMatchObject({ source: 'stdin', imported: 2 })
  })

  test('a dry run writes nothing', async () => {
    const { summary } = await bench.run(
      'answers',
      bench.write('one.jsonl', toJsonLines([OWL, FOX])),
      '--dry-run',
      '--json',
    )
    expect(summary).toMatchObject({ read: 2, imported: 2, dry_run: true })
    expect(await bench.withStore((store) => store.listModels())).toEqual([])
  })
})

describe('the command', () => {
  test.each([
    ['no kind', []],
    ['an unknown kind', ['poems', 'x.jsonl']],
    ['no file', ['answers']],
    ['an unknown flag', ['answers', 'x.jsonl', '--fast']],
    ['a field that the kind does not have', ['answers', 'x.jsonl', '--map', 'colour=red']],
    ['an arena that is no name', ['answers', 'x.jsonl', '--arena', 'My Arena']],
    ['an unknown way with errors', ['answers', 'x.jsonl', '--on-error', 'pray']],
  ])('%s is bad usage', async (_name, argv) => {
    const { code, stderr, stdout } = await bench.run(...argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('Usage: ringside import KIND FILE')
  })

  test('a file that is not there is an error with its name', async () => {
    const { code, stderr } = await bench.run('answers', `${bench.folder}/missing.jsonl`)
    expect(code).toBe(1)
    expect(stderr).toContain('missing.jsonl')
  })

  test('a table without a needed column says which one, and how to name it', async () => {
    const { code, stderr } = await bench.run('answers', bench.write('t.csv', 'prompt,reply\nWhy?,So.\n'))
    expect(code).toBe(1)
    expect(stderr).toContain('t.csv:1: model: expected a column model, model_name, model_id, got prompt, reply')
    expect(stderr).toContain('--map model=COLUMN')
  })
})
