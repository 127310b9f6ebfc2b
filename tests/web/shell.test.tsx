import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { languageOf } from '../../web/battle/answer-language.ts'
import { chooseLanguage } from '../../web/i18n/language.ts'
import { makeId } from '../../web/make-id.ts'
import { IconSymbols } from '../../web/shell/icon.tsx'
import { Link, navigate, path } from '../../web/shell/router.tsx'
import { theme } from '../../web/shell/theme.ts'
import { TopBar } from '../../web/shell/top-bar.tsx'
import { RequestId } from '../../contract/ids.ts'

let root: HTMLElement

beforeEach(() => {
  root = document.createElement('div')
  document.body.append(root)
  localStorage.clear()
  chooseLanguage('en')
})
afterEach(async () => {
  await act(() => render(null, root))
  root.remove()
  navigate('/')
})

const show = (view: Parameters<typeof render>[0]) => act(() => render(view, root))
const button = (name: RegExp) =>
  [...root.querySelectorAll('button')].find((one) => name.test(one.getAttribute('aria-label') ?? ''))

describe('the top bar', () => {
  test('leads to the pages that there are, and marks the one that is open', async () => {
    await show(<TopBar connection="online" onKeys={null} />)
    const links = [...root.querySelectorAll('nav a')]
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['/', '/leaderboard'])
    expect(root.querySelector('[aria-current="page"]')?.textContent).toBe('Battle')
    await act(() => navigate('/leaderboard'))
    expect(root.querySelector('[aria-current="page"]')?.textContent).toBe('Leaderboard')
  })

  test('switches the language of everything on it, and back', async () => {
    await show(<TopBar connection="online" onKeys={null} />)
    await act(() => button(/Русский/)?.click())
    expect(root.querySelector('nav')?.textContent).toBe('СравнениеРейтинг')
    await act(() => button(/English/)?.click())
    expect(root.querySelector('nav')?.textContent).toBe('BattleLeaderboard')
  })

  test('goes round the themes; the system decides unless one was chosen', async () => {
    await show(<TopBar connection="online" onKeys={null} />)
    const chosen = () => [
      theme.value,
      document.documentElement.dataset['theme'],
      localStorage.getItem('ringside.theme'),
    ]
    expect(chosen()).toEqual(['system', undefined, null])
    await act(() => button(/Theme/)?.click())
    expect(chosen()).toEqual(['light', 'light', 'light'])
    await act(() => button(/Theme/)?.click())
    expect(chosen()).toEqual(['dark', 'dark', 'dark'])
    await act(() => button(/Theme/)?.click())
    expect(chosen()).toEqual(['system', undefined, null])
  })

  test('says in words how the line is', async () => {
    await show(<TopBar connection="offline" onKeys={null} />)
    expect(root.querySelector('.line')?.textContent).toBe('No connection')
  })
})

describe('a link of ours', () => {
  const click = (init: MouseEventInit = {}) => {
    const event = new MouseEvent('click', { bubbles: true, cancelable: true, ...init })
    root.querySelector('a')?.dispatchEvent(event)
    return event
  }

  test('stays on the page when it is clicked plainly', async () => {
    await show(<Link href="/leaderboard">Leaderboard</Link>)
    expect(click().defaultPrevented).toBe(true)
    expect(path.value).toBe('/leaderboard')
  })

  test.each([{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { button: 1 }])(
    'is left to the browser with %o',
    async (init) => {
      await show(<Link href="/leaderboard">Leaderboard</Link>)
      expect(click(init).defaultPrevented).toBe(false)
      expect(path.value).toBe('/')
    },
  )
})

test('every icon has a shape', async () => {
  await show(<IconSymbols />)
  const symbols = [...root.querySelectorAll('symbol')]
  expect(symbols.length).toBeGreaterThan(10)
  for (const symbol of symbols) expect(symbol.children.length, symbol.id).toBeGreaterThan(0)
})

test('an id of ours is one that the contract allows, and no two are alike', () => {
  const made = new Set(Array.from({ length: 1000 }, makeId))
  expect(made.size).toBe(1000)
  for (const id of made) expect(RequestId.safeParse(id).success).toBe(true)
})

test.each([
  ['Blue light is scattered most.', 'en'],
  ['Синий свет рассеивается сильнее.', 'ru'],
  ['Метод `map` из JavaScript применяет функцию к каждому элементу.', 'ru'],
  ['空が青いのは光の散乱のためです。', 'ja'],
  ['因为蓝光散射得最多。', 'zh'],
  ['42', 'en'],
  ['', 'en'],
])('%s is pronounced as %s', (text, language) => {
  expect(languageOf(text)).toBe(language)
})
