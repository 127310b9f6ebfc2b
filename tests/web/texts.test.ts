import { describe, expect, test } from 'vitest'
import { ERROR_CODES } from '../../contract/errors.ts'
import { en } from '../../web/i18n/en.ts'
import { formatChange, formatCountdown, formatRating, formatShare } from '../../web/i18n/format.ts'
import { chooseLanguage, inBothLanguages } from '../../web/i18n/language.ts'
import { pluraliser } from '../../web/i18n/plural.ts'
import { ru } from '../../web/i18n/ru.ts'

type Leaf = readonly [path: string, value: unknown]

function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`))
}

/** Names and keys that are written alike in both languages. */
const ALIKE = new Set(['battle.keys.shift'])

describe('the catalogue', () => {
  test('has the same texts in both languages, and no empty one', () => {
    const paths = (texts: unknown) => leavesOf(texts).map(([path]) => path)
    expect(paths(ru)).toEqual(paths(en))
    for (const [path, value] of [...leavesOf(en), ...leavesOf(ru)]) expect(value, path).not.toBe('')
  })

  test('is translated: no Russian text is the English one, and each has Cyrillic letters', () => {
    for (const [path, value] of leavesOf(ru)) {
      if (typeof value !== 'string' || ALIKE.has(path) || path.startsWith('shell.otherLanguage')) continue
      expect(value, path).toMatch(/\p{Script=Cyrillic}/u)
    }
    for (const [path, value] of leavesOf(en)) {
      if (typeof value !== 'string' || path.startsWith('shell.otherLanguage')) continue
      expect(value, path).not.toMatch(/\p{Script=Cyrillic}/u)
    }
  })

  test('has a sentence for every refusal of the contract', () => {
    expect(Object.keys(en.battle.refusals).toSorted()).toEqual(ERROR_CODES.toSorted())
  })

  test('never shouts', () => {
    for (const [path, value] of [...leavesOf(en), ...leavesOf(ru)]) expect(String(value), path).not.toContain('!')
  })
})

describe('plurals', () => {
  test('Russian has three forms, by the last digits', () => {
    const people = (count: number) => ru.battle.othersJudged(count)
    expect(people(1)).toBe('Эту пару оценил ещё 1 человек')
    expect(people(3)).toBe('Эту пару оценили ещё 3 человека')
    expect(people(11)).toBe('Эту пару оценили ещё 11 человек')
    expect(people(21)).toBe('Эту пару оценил ещё 21 человек')
    expect(people(34)).toBe('Эту пару оценили ещё 34 человека')
  })

  test('English has two', () => {
    expect(en.battle.othersJudged(1)).toBe('1 other person judged this pair')
    expect(en.battle.othersJudged(34)).toBe('34 other people judged this pair')
  })

  test('a form that a word does not have is replaced by the general one', () => {
    expect(pluraliser('ru')(2, { one: 'a', other: 'b' })).toBe('b')
  })
})

describe('numbers', () => {
  test('follow the language of the page', () => {
    chooseLanguage('en')
    expect([formatRating(1168.4), formatChange(0.2), formatChange(-0.6), formatShare(0.628)]).toEqual([
      '1168',
      '+0.2',
      '−0.6',
      '62.8%',
    ])
    chooseLanguage('ru')
    expect([formatRating(1168.4), formatChange(0.2), formatChange(-0.6)]).toEqual(['1168', '+0,2', '−0,6'])
    chooseLanguage('en')
  })

  test('a change of nothing has no sign', () => {
    expect(formatChange(0)).toBe('0.0')
    expect(formatChange(-0.04)).toBe('0.0')
  })

  test('a countdown ends at nought and shows the second that has begun', () => {
    expect([formatCountdown(52_000), formatCountdown(60_000), formatCountdown(1), formatCountdown(-5)]).toEqual([
      '0:52',
      '1:00',
      '0:01',
      '0:00',
    ])
  })
})

test('choosing a language changes the texts, the document and what is remembered', () => {
  const words = inBothLanguages({ hello: 'hello' }, { hello: 'здравствуйте' })
  chooseLanguage('ru')
  expect(words().hello).toBe('здравствуйте')
  expect(document.documentElement.lang).toBe('ru')
  expect(localStorage.getItem('ringside.language')).toBe('ru')
  chooseLanguage('en')
  expect(words().hello).toBe('hello')
})
