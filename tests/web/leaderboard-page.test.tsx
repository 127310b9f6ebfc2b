import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Leaderboard } from '../../contract/leaderboard.ts'
import type { ServerFrameOf } from '../../contract/socket.ts'
import { httpApi } from '../../web/api.ts'
import { chooseLanguage } from '../../web/i18n/language.ts'
import { LeaderboardPage } from '../../web/leaderboard/leaderboard-page.tsx'
import { navigate } from '../../web/shell/router.tsx'
import { type ArenaSocket, openSocket } from '../../web/socket.ts'
import { board, row } from './leaderboard-rows.ts'
import { type ScriptedArena, scriptedArena } from './scripted-arena.ts'

let arena: ScriptedArena
let socket: ArenaSocket
let root: HTMLElement
/** What the server answers for each category; without one it is out of order. */
let boards: Record<string, Leaderboard>

beforeEach(async () => {
  arena = await scriptedArena()
  boards = {}
  arena.answerHttp = (request, response) => {
    const url = new URL(request.url ?? '', arena.httpUrl)
    if (url.pathname !== '/api/v1/leaderboard') return false
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', '*')
    const found = boards[url.searchParams.get('category') ?? '']
    if (request.method === 'OPTIONS') response.writeHead(204).end()
    else if (found) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found))
    else response.writeHead(503, { 'content-type': 'application/json' }).end('{}')
    return true
  }
  socket = openSocket({
    connect: () => new WebSocket(arena.socketUrl),
    timing: { pingMs: 30, pongMs: 60, backoffFirstMs: 300, backoffMostMs: 300 },
    random: () => 1,
  })
  root = document.createElement('div')
  document.body.append(root)
  navigate('/leaderboard')
})

afterEach(async () => {
  await act(() => render(null, root))
  root.remove()
  socket.close()
  chooseLanguage('en')
  await arena.close()
})

const open = () =>
  act(() => render(<LeaderboardPage api={httpApi(`${arena.httpUrl}/api/v1`)} socket={socket} arena={null} />, root))
const models = () => [...root.querySelectorAll('button.name')].map(({ textContent }) => textContent)
const text = () => root.textContent.replace(/[\u2068\u2069]/g, '')
const find = (selector: string): HTMLElement => {
  const found = root.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`nothing is ${selector}`)
  return found
}
const press = (selector: string) => act(async () => find(selector).click())
const shows = (wanted: readonly string[]) => expect.poll(models).toEqual(wanted)

const owl = row('owl', 1_100, { rank: 1, rankLower: 1, rankUpper: 2, organization: 'Larch Lab', license: 'MIT' })
const fox = row('fox', 1_085, { rank: 1, rankLower: 1, rankUpper: 2 })
const hen = row('hen', 1_000, { rank: 3, rankLower: 3, rankUpper: 3 })
const emu = row('emu', 950, { lower: 700, upper: 1_200, preliminary: true, votes: 4, rankLower: 1, rankUpper: 4 })

describe('the table', () => {
  test('shows rank with range, rating with margin, and medals only where there is a rank', async () => {
    boards['overall'] = board([owl, hen, emu])
    await open()
    await shows(['owl', 'hen', 'emu'])
    const cells = [...root.querySelectorAll('tr[data-model]')].map((line) => line.querySelector('.rk')?.textContent)
    expect(cells).toEqual(['11–2place 1 to 2', '3', '–no rank yet1–4place 1 to 4'])
    expect([...root.querySelectorAll('.rk b')].map(({ className }) => className)).toEqual(['m1', 'm3', ''])
    expect(find('tr[data-model=owl] .ci').textContent).toBe('±10')
    expect(find('tr[data-model=emu]').className).toBe('pre')
    expect(find('tr[data-model=owl] .pl').getAttribute('aria-label')).toBe('1090 to 1110')
  })

  test('a model at hand is told apart from the others in one sentence', async () => {
    boards['overall'] = board([owl, fox, hen])
    await open()
    await shows(['owl', 'fox', 'hen'])
    await press('tr[data-model=owl] .name')
    expect(find('.why').textContent.replace(/[\u2068\u2069]/g, '')).toBe(
      'owlcannot be told apart from fox: the shaded band is its interval.',
    )
    expect([...root.querySelectorAll('tr.near')].map((line) => line.getAttribute('data-model'))).toEqual(['fox'])
    await act(() => chooseLanguage('ru'))
    expect(find('.why').textContent.replace(/[\u2068\u2069]/g, '')).toBe(
      'owlнеотличима от fox: полоса показывает её интервал.',
    )
    await press('tr[data-model=hen] .name')
    expect(find('.why').textContent).toContain('отличима от всех остальных моделей')
  })

  test('the arrow keys go from model to model', async () => {
    boards['overall'] = board([owl, fox, hen])
    await open()
    await shows(['owl', 'fox', 'hen'])
    const stops = [...root.querySelectorAll<HTMLElement>('button.name')].map(({ tabIndex }) => tabIndex)
    expect(stops).toEqual([0, -1, -1])
    await act(async () => find('button.name').focus())
    for (const [key, model] of [
      ['ArrowDown', 'fox'],
      ['End', 'hen'],
      ['ArrowUp', 'fox'],
      ['Home', 'owl'],
    ] as const) {
      await act(async () => {
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
      })
      expect(document.activeElement?.textContent).toBe(model)
    }
  })

  test('groups that no vote joins stand apart and say why', async () => {
    const yak = row('yak', 1_300, { component: 1, preliminary: true, provisional: 'disconnected' })
    boards['overall'] = board([owl, yak], { components: 2 })
    await open()
    await shows(['owl', 'yak'])
    expect([...root.querySelectorAll('.part b')].map(({ textContent }) => textContent)).toEqual([
      'Group 1: 1 model',
      'Group 2: 1 model',
    ])
    expect(find('.part span').textContent).toContain('cannot be compared')
    expect(root.querySelector('.m1')).toBeNull()
  })

  test('sorting, search and filter are in the address', async () => {
    boards['overall'] = board([owl, { ...fox, votes: 5_000 }, emu])
    await open()
    await shows(['owl', 'fox', 'emu'])
    await press('thead .c2 button')
    expect(models()).toEqual(['fox', 'owl', 'emu'])
    await press('.pick')
    expect(models()).toEqual(['fox', 'owl'])
    expect(location.search).toBe('?preliminary=hidden&sort=-votes')
    expect(find('th[aria-sort]').getAttribute('aria-sort')).toBe('descending')
    const field = root.querySelector('input')
    await act(() => {
      if (field) field.value = 'nobody'
      field?.dispatchEvent(new Event('input', { bubbles: true }))
    })
    expect(text()).toContain('No model matches this filter')
    await press('.board-message .btn')
    expect(models()).toEqual(['fox', 'owl', 'emu'])
  })

  test('says where its numbers come from and what was left out', async () => {
    boards['overall'] = board([owl], {
      notCounted: { identityLeaked: 12, revealed: 0, withdrawn: 3, excluded: 0 },
      logCursor: '815',
    })
    await open()
    await shows(['owl'])
    expect(find('.source').textContent).toMatch(
      /^800 votes counted · last vote .*2026.* · log position 815 · Bradley–Terry/,
    )
    expect(find('.how').textContent).toContain('12 answer named itself · 3 withdrawn')
  })

  test('the sample arena says that nothing in it is a real model', async () => {
    boards['overall'] = board([owl], { sampleOnly: true })
    await open()
    await shows(['owl'])
    expect(find('.sample').textContent).toBe('Sample models: written texts, no real models.')
  })
})

describe('states', () => {
  test('without votes there is no number and a way to the first one', async () => {
    boards['overall'] = board([], { votes: 0, logCursor: null, lastVoteAt: null, categories: [], components: 0 })
    await open()
    await expect.poll(text).toContain('No votes yet')
    expect(root.querySelector('table')).toBeNull()
    expect(find('.board-message a').getAttribute('href')).toBe('/')
  })

  test('while it loads the table keeps its shape', async () => {
    await open()
    expect(root.querySelectorAll('tr.ph')).toHaveLength(12)
    expect(find('main').getAttribute('aria-busy')).toBe('true')
  })

  test('a board that does not load can be asked for again', async () => {
    await open()
    await expect.poll(text).toContain('The board did not load')
    boards['overall'] = board([owl])
    await press('.board-message .btn')
    await shows(['owl'])
  })

  test('a board that was read once stays when the next one cannot be had', async () => {
    boards['overall'] = board([owl])
    await open()
    await shows(['owl'])
    await arena.hears('leaderboard-watch')
    delete boards['overall']
    arena.say({ ...changeTo(9), since: 5 })
    await expect.poll(text).toContain('This is the last one that did')
    expect(models()).toEqual(['owl'])
  })

  test('a broken line says since when nothing has been heard', async () => {
    boards['overall'] = board([owl])
    await open()
    await shows(['owl'])
    await arena.hears('leaderboard-watch')
    arena.cut()
    await expect.poll(text).toMatch(/not updated since \d/)
    await expect.poll(text).not.toContain('not updated since')
  })
})

const changeTo = (version: number): ServerFrameOf<'leaderboard-changed'> => ({
  type: 'leaderboard-changed',
  arena: 'text',
  category: 'overall',
  since: version - 1,
  version,
  votes: 801,
  rows: [{ ...hen, rating: 1_300 }],
  removed: [],
})

describe('a vote anywhere', () => {
  test('moves the rows without reading the board again', async () => {
    boards['overall'] = board([owl, fox, hen])
    await open()
    await shows(['owl', 'fox', 'hen'])
    expect(await arena.hears('leaderboard-watch')).toMatchObject({ category: 'overall', version: 1 })
    delete boards['overall']
    arena.say(changeTo(2))
    await shows(['hen', 'owl', 'fox'])
    expect(text()).toContain('801 blind votes')
  })

  test('leaves the rows where they are while the focus is in the table, and they catch up after it', async () => {
    boards['overall'] = board([owl, fox, hen])
    await open()
    await shows(['owl', 'fox', 'hen'])
    await arena.hears('leaderboard-watch')
    await act(async () => find('button.name').focus())
    arena.say(changeTo(2))
    await expect.poll(() => find('tr[data-model=hen] .r').textContent).toBe('1300')
    expect(models()).toEqual(['owl', 'fox', 'hen'])
    await act(async () => find('button.name').blur())
    await shows(['hen', 'owl', 'fox'])
  })

  test('that was missed makes the board be read again', async () => {
    boards['overall'] = board([owl, fox, hen])
    await open()
    await shows(['owl', 'fox', 'hen'])
    await arena.hears('leaderboard-watch')
    boards['overall'] = board([fox, owl], { version: 30 })
    arena.say(changeTo(12))
    await shows(['owl', 'fox'])
    await expect
      .poll(() => arena.heard.some((frame) => frame.type === 'leaderboard-watch' && frame.version === 30))
      .toBe(true)
  })
})

test('a category is a page of its own: asked for, watched, and the one before let go', async () => {
  boards['overall'] = board([owl])
  boards['coding'] = board([fox], { category: 'coding' })
  await open()
  await shows(['owl'])
  expect([...root.querySelectorAll('.tabs a')].map(({ textContent }) => textContent)).toEqual([
    'Overall',
    'Russian300',
    'Coding120',
  ])
  await arena.hears('leaderboard-watch')
  await press('.tabs a:nth-child(3)')
  await shows(['fox'])
  expect(location.search).toBe('?category=coding')
  expect(find('.tabs [aria-current]').textContent).toBe('Coding120')
  expect(document.title).toBe('Coding · Leaderboard · Ringside')
  expect(await arena.hears('leaderboard-unwatch')).toMatchObject({ category: 'overall' })
})
