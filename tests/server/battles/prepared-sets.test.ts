import { describe, expect, test } from 'vitest'
import { AnswerId, ModelId, PromptId } from '../../../contract/ids.ts'
import { canCompare, drawPrepared } from '../../../server/battles/prepared-sets.ts'
import type { PreparedPrompt } from '../../../db/store.ts'

const id = (name: string) => name.padEnd(8, '_')
const model = (name: string) => ModelId.parse(id(name))

function prompt(name: string, models: string[], language = 'en'): PreparedPrompt {
  const answers = models.map((each, index) => ({
    id: AnswerId.parse(id(`${name}${index}${each}`)),
    modelId: model(each),
  }))
  return { id: PromptId.parse(id(name)), language, categories: [], answers }
}

function draw(prompts: PreparedPrompt[], options: Partial<Parameters<typeof drawPrepared>[0]> = {}) {
  return drawPrepared({ prompts, language: undefined, seen: [], weightOf: () => 1, random: Math.random, ...options })
}

describe('the next prepared pair', () => {
  test('never sets a model against itself, also when it has several answers to one prompt', () => {
    const prompts = [prompt('p', ['x', 'x', 'y'])]
    for (let count = 0; count < 500; count += 1) {
      const drawn = draw(prompts)
      expect(drawn && drawn.models.a !== drawn.models.b).toBe(true)
    }
    expect(canCompare(prompt('q', ['x', 'x']), () => 1)).toBe(false)
    expect(draw([prompt('q', ['x', 'x'])])).toBeUndefined()
  })

  test('comes in the language of the reader where there is one', () => {
    const prompts = [prompt('e', ['x', 'y'], 'en'), prompt('r', ['x', 'y'], 'ru')]
    for (let count = 0; count < 50; count += 1) expect(draw(prompts, { language: 'ru' })?.language).toBe('ru')
    expect(draw(prompts, { language: 'ja' })).toBeDefined()
  })

  test('comes from the prompts seen least, with a pair not seen on it', () => {
    const prompts = [prompt('one', ['x', 'y']), prompt('two', ['x', 'y', 'z'])]
    const seen = [
      { promptId: PromptId.parse(id('one')), models: { a: model('x'), b: model('y') } },
      { promptId: PromptId.parse(id('one')), models: { a: model('y'), b: model('x') } },
      { promptId: PromptId.parse(id('two')), models: { a: model('x'), b: model('y') } },
    ]
    for (let count = 0; count < 100; count += 1) {
      const drawn = draw(prompts, { seen })
      expect(drawn?.promptId).toBe(id('two'))
      expect([drawn?.models.a, drawn?.models.b]).toContain(model('z'))
    }
  })

  test('leaves paused models out', () => {
    const weightOf = (each: ModelId) => (each === model('z') ? 0 : 1)
    for (let count = 0; count < 100; count += 1) {
      const drawn = draw([prompt('p', ['x', 'y', 'z'])], { weightOf })
      expect(new Set([drawn?.models.a, drawn?.models.b])).toEqual(new Set([model('x'), model('y')]))
    }
  })
})
