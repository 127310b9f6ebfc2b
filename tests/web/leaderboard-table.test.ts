import { afterEach, describe, expect, test } from 'vitest'
import { KNOWN_CATEGORIES } from '../../contract/categories.ts'
import { chooseLanguage } from '../../web/i18n/language.ts'
import { csvName, toCsv } from '../../web/leaderboard/board-csv.ts'
import { listNames } from '../../web/leaderboard/board-notes.tsx'
import { arrangeBoard, BY_RATING, keepOrder, nextSorting, type Sorting } from '../../web/leaderboard/board-order.ts'
import { boardAddress, parseBoardQuery } from '../../web/leaderboard/board-query.ts'
import { placeOn, scaleOf } from '../../web/leaderboard/board-scale.ts'
import { categoryName, namedCategories } from '../../web/leaderboard/category-names.ts'
import { findIndistinct } from '../../web/leaderboard/indistinct-models.ts'
import { row } from './leaderboard-rows.ts'

afterEach(() => chooseLanguage('en'))

const owl = row('Owl 10', 1_100, { organization: 'Larch Lab', license: 'MIT', votes: 50 })
const fox = row('Fox 9', 1_085, { organization: 'Osier', votes: 900 })
const hen = row('fox 2', 1_000, { preliminary: true, votes: 3 })
const yak = row('Yak', 1_500, { component: 1, preliminary: true, provisional: 'disconnected' })

const everything = { search: '', hidesPreliminary: false, sorting: BY_RATING }
const names = (parts: ReturnType<typeof arrangeBoard>) => parts.map(({ rows }) => rows.map(({ model }) => model))
const sortedBy = (sorting: Sorting) => names(arrangeBoard([owl, fox, hen], { ...everything, sorting }, 'en'))[0]

describe('the order of a board', () => {
  test('is the best rating first, each group by itself', () => {
    expect(names(arrangeBoard([yak, hen, owl, fox], everything, 'en'))).toEqual([['Owl 10', 'Fox 9', 'fox 2'], ['Yak']])
  })

  test('follows any column in both directions', () => {
    expect(sortedBy({ key: 'votes', descending: true })).toEqual(['Fox 9', 'Owl 10', 'fox 2'])
    expect(sortedBy({ key: 'votes', descending: false })).toEqual(['fox 2', 'Owl 10', 'Fox 9'])
  })

  test('reads numbers in names as numbers and capitals as letters', () => {
    expect(sortedBy({ key: 'model', descending: false })).toEqual(['fox 2', 'Fox 9', 'Owl 10'])
  })

  test('puts what nobody stated last, either way', () => {
    expect(sortedBy({ key: 'license', descending: false })?.[0]).toBe('Owl 10')
    expect(sortedBy({ key: 'license', descending: true })?.[0]).toBe('Owl 10')
  })

  test('a column sorts downwards first, names upwards, and turns round at the second press', () => {
    expect(nextSorting(BY_RATING, 'votes')).toEqual({ key: 'votes', descending: true })
    expect(nextSorting(BY_RATING, 'model')).toEqual({ key: 'model', descending: false })
    expect(nextSorting(BY_RATING, 'rating')).toEqual({ key: 'rating', descending: false })
  })

  test('a search finds every word in name or organisation', () => {
    const search = (text: string) => names(arrangeBoard([owl, fox, hen], { ...everything, search: text }, 'en'))
    expect(search('LARCH owl')).toEqual([['Owl 10']])
    expect(search(' fox ')).toEqual([['Fox 9', 'fox 2']])
    expect(search('owl osier')).toEqual([])
  })

  test('preliminary models can be hidden', () => {
    expect(names(arrangeBoard([owl, hen, yak], { ...everything, hidesPreliminary: true }, 'en'))).toEqual([['Owl 10']])
  })

  test('stands still under a pointer; newcomers wait at the end', () => {
    const held = new Map([
      ['fox 2', 0],
      ['Owl 10', 1],
      ['Fox 9', 2],
    ])
    const parts = arrangeBoard([owl, fox, hen, row('Emu', 2_000)], everything, 'en')
    expect(names(keepOrder(parts, held))).toEqual([['fox 2', 'Owl 10', 'Fox 9', 'Emu']])
  })
})

describe('what cannot be told apart', () => {
  test('is what the interval touches, in the same group, best first', () => {
    const rows = [owl, fox, hen, row('Emu', 1_120), row('Far', 1_121), row('Other', 1_100, { component: 1 })]
    expect(findIndistinct(owl, rows)?.map(({ model }) => model)).toEqual(['Emu', 'Fox 9'])
  })

  test('is nothing where every interval stands clear', () => {
    expect(findIndistinct(hen, [owl, fox, hen])).toEqual([])
  })

  test('is unknown without an interval', () => {
    const lone = row('New', 1_000, { lower: null, upper: null })
    expect(findIndistinct(lone, [owl, lone])).toBeNull()
    expect(findIndistinct(owl, [owl, lone])).toEqual([])
  })

  test('is said with names, and many names are counted', () => {
    const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '')
    expect(plain(listNames(['A']))).toBe('A')
    expect(plain(listNames(['A', 'B']))).toBe('A and B')
    expect(plain(listNames(['A', 'B', 'C', 'D', 'E']))).toBe('A, B, C, D, and E')
    expect(plain(listNames(['A', 'B', 'C', 'D', 'E', 'F', 'G']))).toBe('A, B, C, D, and 3 others')
    chooseLanguage('ru')
    expect(plain(listNames(['A', 'B']))).toBe('A и B')
    expect(plain(listNames(['A', 'B', 'C', 'D', 'E', 'F']))).toBe('A, B, C, D и ещё 2')
  })
})

describe('the scale of the intervals', () => {
  test('holds every ranked interval and names round ratings', () => {
    const scale = scaleOf([row('a', 1_187), row('b', 908)])
    expect(scale.from).toBeLessThan(898)
    expect(scale.to).toBeGreaterThan(1_197)
    expect(scale.ticks).toEqual([900, 950, 1_000, 1_050, 1_100, 1_150, 1_200])
  })

  test('is not pressed together by a model that has only won', () => {
    const wild = row('wild', 1_900, { lower: 1_100, upper: 2_700, preliminary: true })
    const scale = scaleOf([row('a', 1_100), row('b', 1_000), wild])
    expect(scale.to).toBeLessThan(1_160)
    expect(placeOn(scale, 2_700)).toBe(100)
    expect(placeOn(scale, 1_000)).toBeGreaterThan(placeOn(scale, 990))
  })

  test.each([
    ['no model', []],
    ['one model without an interval', [row('a', 1_000, { lower: null, upper: null })]],
    [
      'equal models',
      [row('a', 1_000, { lower: 1_000, upper: 1_000 }), row('b', 1_000, { lower: 1_000, upper: 1_000 })],
    ],
  ])('exists for %s', (_, rows) => {
    const scale = scaleOf(rows)
    expect(scale.to).toBeGreaterThan(scale.from)
    expect(scale.ticks.length).toBeGreaterThan(0)
    expect(placeOn(scale, 1_000)).toBeGreaterThanOrEqual(0)
  })
})

describe('the table as a file', () => {
  const linesOf = (text: string) => text.replace('\uFEFF', '').trimEnd().split('\r\n')

  test('has all digits, and no rank where there is none', () => {
    const [head, first, second] = linesOf(toCsv([row('a', 1_100.123456789), hen]))
    expect(head).toBe(
      'rank,rankLower,rankUpper,model,organization,license,rating,lower,upper,votes,winRate,elo,preliminary,component,sample',
    )
    expect(first).toBe('1,1,1,a,,,1100.123456789,1090.123456789,1110.123456789,400,0.5625,1097.123456789,false,0,false')
    expect(second).toMatch(/^,1,1,fox 2,/)
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '|cmd'])('%j cannot become a formula', (model) => {
    expect(
      linesOf(toCsv([row(model, 1)]))
        .slice(1)
        .join('\r\n'),
    ).toContain(`,"'${model}",`)
  })

  test('commas, quotes and line ends stay inside their cell', () => {
    expect(toCsv([row('a, "b"\nc', 1)])).toContain(',"a, ""b""\nc",')
  })

  test('begins with the mark that spreadsheets need for Cyrillic', () => {
    expect(toCsv([]).startsWith('\uFEFFrank,')).toBe(true)
  })

  test('is called after its board on any system', () => {
    expect(csvName('text', 'language-ru')).toBe('ringside-text-language-ru.csv')
    expect(csvName('../x', 'a/b:c')).toBe('ringside--x-a-b-c.csv')
  })
})

describe('the address of a table', () => {
  test.each([
    '/leaderboard',
    '/leaderboard?category=language-ru',
    '/leaderboard?arena=vision&category=coding&q=owl&preliminary=hidden&sort=-votes&view=compact',
    '/leaderboard?sort=model',
    '/leaderboard?sort=rating',
  ])('%s comes back as it was', (address) => {
    expect(boardAddress(parseBoardQuery(new URL(address, 'http://x').search))).toBe(address)
  })

  test('what it does not know is as if it were not there', () => {
    expect(boardAddress(parseBoardQuery('?category=../x&arena=A%20b&sort=-nothing&view=huge&preliminary=1&z=1'))).toBe(
      '/leaderboard',
    )
  })
})

test('every category that rules assign has a name in both languages', () => {
  for (const language of ['en', 'ru'] as const) {
    chooseLanguage(language)
    expect(KNOWN_CATEGORIES.filter((category) => !namedCategories().includes(category))).toEqual([])
    expect(new Set(KNOWN_CATEGORIES.map(categoryName)).size).toBe(KNOWN_CATEGORIES.length)
  }
  expect(categoryName('my-own-label')).toBe('my own label')
})
