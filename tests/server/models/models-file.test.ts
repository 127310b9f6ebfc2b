import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ModelsFileError, parseModelsFile, readModelsFile } from '../../../server/models/models-file.ts'

const OWL = { name: 'owl', baseUrl: 'https://api.example.com/v1', model: 'owl-1' }
const FULL = {
  ...OWL,
  name: 'fox',
  apiKeyEnv: 'FOX_KEY',
  organization: 'Forest',
  license: 'Apache-2.0',
  weight: 0.5,
  systemPrompt: 'Be kind.\nBe brief.',
  params: { temperature: 0.7, max_tokens: 2048, ringsideThinkTags: true },
  price: { input: 0.5, output: 1.5 },
  modalities: ['text', 'image'],
}

function problemOf(...models: readonly unknown[]): string {
  return problemOfText(JSON.stringify({ models }))
}

function problemOfText(text: string): string {
  try {
    parseModelsFile(text, { FOX_KEY: 'sk-1234567890', EMPTY_KEY: ' ' })
  } catch (error) {
    if (error instanceof ModelsFileError) return error.message
    throw error
  }
  return 'no problem'
}

describe('a good file', () => {
  test('only name, address and model are needed; everything else is kept', () => {
    expect(parseModelsFile(JSON.stringify({ models: [OWL, FULL] }), { FOX_KEY: 'x' })).toEqual([OWL, FULL])
  })

  test('the example in docs/models.md is one', async () => {
    const document = await readFile(new URL('../../../docs/models.md', import.meta.url), 'utf8')
    const example = /```json\n(\{.*?\n\})\n```/s.exec(document)?.[1] ?? ''
    expect(parseModelsFile(example, { EXAMPLE_API_KEY: 'x' }).map(({ name }) => name)).toEqual(['Owl 70B', 'Fox 8B'])
  })

  test('may be empty of models, and may begin with a byte-order mark', () => {
    expect(parseModelsFile('\ufeff{"models": []}', {})).toEqual([])
  })

  test.each([
    'http://127.0.0.1:11434/v1',
    'http://10.0.0.7:8000/v1/',
    'http://[::1]:8080',
    'https://vllm.internal/openai/v1',
  ])('an operator’s own address is fine: %s', (baseUrl) => {
    expect(problemOf({ ...OWL, baseUrl })).toBe('no problem')
  })
})

describe('a bad entry is one line that names the entry and the field', () => {
  test.each([
    [
      { baseUrl: 'ftp://host/v1' },
      'baseUrl (name "owl"): expected an address such as https://api.example.com/v1, without a key, query or fragment in it, got "ftp://host/v1"',
    ],
    [
      { baseUrl: 'api.example.com' },
      'baseUrl (name "owl"): expected an address such as https://api.example.com/v1, without a key, query or fragment in it, got "api.example.com"',
    ],
    [{ name: '' }, 'name (name ""): expected a name of 1 to 100 characters without line breaks, got ""'],
    [{ name: 7 }, 'name: expected a name of 1 to 100 characters without line breaks, got 7'],
    [
      { name: 'x'.repeat(101) },
      `name (name "${'x'.repeat(76)}…"): expected a name of 1 to 100 characters without line breaks, got "${'x'.repeat(76)}…"`,
    ],
    [
      { model: undefined },
      'model (name "owl"): expected the model\'s id at the endpoint, 1 to 200 characters, got nothing',
    ],
    [{ weight: '1' }, 'weight (name "owl"): expected a number from 0 to 1000, got "1"'],
    [{ weight: -1 }, 'weight (name "owl"): expected a number from 0 to 1000, got -1'],
    [{ price: { input: 1 } }, 'price.output (name "owl"): expected a number of dollars from 0 to 100000, got nothing'],
    [
      { price: 1 },
      'price (name "owl"): expected an object such as {"input": 0.5, "output": 1.5}, dollars per million tokens, got 1',
    ],
    [{ price: { input: 1, output: 1, cached: 1 } }, 'price.cached (name "owl"): there is no such field'],
    [{ params: ['x'] }, 'params (name "owl"): expected an object of request parameters, got ["x"]'],
    [{ params: { stream: false } }, 'params.stream (name "owl"): expected nothing: Ringside sets it itself, got false'],
    [{ params: { ringsideThinkTags: 1 } }, 'params.ringsideThinkTags (name "owl"): expected true or false, got 1'],
    [{ modalities: [] }, 'modalities (name "owl"): expected a list such as ["text"], got []'],
    [{ modalities: ['text', 3] }, 'modalities[1] (name "owl"): expected a list such as ["text"], got 3'],
    [{ temperature: 1 }, 'temperature (name "owl"): there is no such field'],
    [{ systemPrompt: null }, 'systemPrompt (name "owl"): expected a text of at most 100000 characters, got null'],
    [
      { apiKeyEnv: 'NO_SUCH_KEY' },
      'apiKeyEnv (name "owl"): expected an environment variable that is set, got "NO_SUCH_KEY", which is not',
    ],
    [
      { apiKeyEnv: 'EMPTY_KEY' },
      'apiKeyEnv (name "owl"): expected an environment variable that is set, got "EMPTY_KEY", which is not',
    ],
  ])('%j', (change, problem) => {
    expect(problemOf(FULL, { ...OWL, ...change })).toBe(`MODELS_FILE models[1].${problem}`)
  })

  test('two models of one name', () => {
    expect(problemOf(OWL, FULL, { ...FULL, name: 'owl' })).toBe(
      'MODELS_FILE models[2].name (name "owl"): expected a name of its own, but models[0] has the same',
    )
  })

  test.each([
    ['3', 'MODELS_FILE: expected a JSON object, got 3'],
    ['{}', 'MODELS_FILE models: expected a list of models, got nothing'],
    ['{"models": {}}', 'MODELS_FILE models: expected a list of models, got {}'],
    ['{"models": [], "extra": 1}', 'MODELS_FILE extra: there is no such field'],
    ['{"models": [3]}', 'MODELS_FILE models[0]: expected a JSON object, got 3'],
    [
      '{"models": [\n  {"name": "x",}\n]}',
      'MODELS_FILE is not valid JSON: Expected double-quoted property name in line 2',
    ],
  ])('%s', (text, problem) => {
    expect(problemOfText(text)).toBe(problem)
  })

  test('a file that is not there', async () => {
    await expect(readModelsFile('/no/such/models.json', {})).rejects.toThrow(
      'MODELS_FILE "/no/such/models.json" cannot be read: there is no such file',
    )
  })

  test.each([
    { apiKeyEnv: 'sk-1234567890' },
    { apiKeyEnv: 'gsk_sk1234567890' },
    { apiKey: 'sk-1234567890' },
    { baseUrl: 'https://user:sk-1234567890@host/v1' },
    { baseUrl: 'https://host/v1?key=sk-1234567890' },
  ])('a key that was put where it does not belong is not printed: %j', (change) => {
    expect(problemOf({ ...OWL, ...change })).toMatch(/^MODELS_FILE models\[0\]\./)
    expect(problemOf({ ...OWL, ...change })).not.toContain('1234567890')
  })

  test('not even by a file that is no JSON', () => {
    expect(problemOfText('{"models": [{"apiKeyEnv": "sk-1234567890" oops')).not.toContain('1234567890')
    expect(problemOfText('sk-1234567890')).not.toContain('1234567890')
  })

  test('nothing in the line steers a terminal', () => {
    expect(problemOf({ ...OWL, name: 'a\u001b[31m\u202eb' })).not.toMatch(/[\u001b\u202e\n]/)
  })
})
