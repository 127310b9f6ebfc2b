import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { ArenaStatus } from '../../contract/arena.ts'
import type { Api } from '../../web/api.ts'
import { type BattleController, openBattle } from '../../web/battle/battle-controller.ts'
import { BattlePage } from '../../web/battle/battle-page.tsx'
import { phaseOf } from '../../web/battle/battle-state.ts'
import { chooseLanguage } from '../../web/i18n/language.ts'
import { openSocket } from '../../web/socket.ts'
import { deviceMemory, tabMemory } from '../../web/storage.ts'
import { battleId, delta, fox, owl, pending, ready, snapshot, turn } from './battle-frames.ts'
import { type ScriptedArena, scriptedArena } from './scripted-arena.ts'

const LIVE: ArenaStatus = {
  arena: 'text',
  liveBattles: true,
  preparedBattles: false,
  sampleArena: false,
  promptMaxChars: 40,
  build: 'test',
}
const SAMPLE: ArenaStatus = { ...LIVE, liveBattles: false, preparedBattles: true, sampleArena: true }

let arena: ScriptedArena
let close: (() => Promise<void>) | undefined
let ids = 0

beforeEach(async () => {
  arena = await scriptedArena()
  localStorage.clear()
  sessionStorage.clear()
  chooseLanguage('en')
})
afterEach(async () => {
  await close?.()
  close = undefined
  await arena.close()
})

const api: Api = {
  openSession: async () => undefined,
  findArena: async () => LIVE,
  listSuggestions: async () => [{ prompt: 'Why is the sea salty?', language: 'en' }],
  findLeaderboard: async () => undefined,
}

async function openPage(status = LIVE) {
  const root = document.createElement('div')
  document.body.append(root)
  const socket = openSocket({ connect: () => new WebSocket(arena.socketUrl), timing: { backoffFirstMs: 5 } })
  const battle: BattleController = openBattle({
    socket,
    tab: tabMemory,
    device: deviceMemory,
    makeId: () => `made-id-${String((ids += 1)).padStart(6, '0')}`,
    now: Date.now,
    language: () => 'en',
  })
  await act(() =>
    render(
      <BattlePage {...{ api, socket, battle }} arena={status} keysShown={false} showKeys={() => undefined} />,
      root,
    ),
  )
  close = async () => {
    await act(() => render(null, root))
    battle.close()
    socket.close()
    root.remove()
  }
  return { root, battle }
}

/** Resolves when something that matches is in the page, however long the page takes for it. */
function appears(root: HTMLElement, selector: string): Promise<HTMLElement> {
  return new Promise((resolve) => {
    const look = () => {
      const found = root.querySelector<HTMLElement>(selector)
      if (!found) return
      observer.disconnect()
      resolve(found)
    }
    const observer = new MutationObserver(look)
    observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true })
    look()
  })
}

function press(key: string, target: EventTarget = document.body) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  target.dispatchEvent(event)
  return event
}

/** Pairs one after another; every vote is kept. */
function servePairs(kind: 'live' | 'prepared') {
  let pairs = 0
  arena.answer = (frame, say) => {
    if (frame.type === 'battle-start') say(snapshot(ready(`pair-${(pairs += 1)}`, { kind }), frame.requestId))
    if (frame.type === 'vote-cast') {
      const { battleId: id, voteId, outcome } = frame
      const vote = { voteId, turn: 1, outcome, counted: true, mark: null, withdrawMs: 60_000 }
      say({ type: 'vote-recorded', battleId: id, vote, reveal: { a: owl, b: fox } })
    }
  }
}

/** What happens after a drawing is waited for, however slow the machine is. */
const PATIENCE = { timeout: 10_000, interval: 5 }

const OPEN_KEY = '.v.for-a[aria-disabled="false"]'
const text = (element: Element | null) => element?.textContent.replace(/\s+/g, ' ').trim()

describe('judging by keyboard', () => {
  test('an arrow votes, the names appear where the keys were, Enter shows the next pair', async () => {
    servePairs('prepared')
    const { root, battle } = await openPage(SAMPLE)
    await appears(root, OPEN_KEY)
    expect(press('ArrowRight').defaultPrevented).toBe(true)
    expect(text(await appears(root, '.plate-b.won .nm'))).toBe('fox')
    expect(text(root.querySelector('.plate-a .nm'))).toBe('owl')
    expect(text(root.querySelector('.plate-b .by'))).toContain('your choice')
    press('Enter')
    await appears(root, OPEN_KEY)
    expect(battle.state.value.battle?.id).toBe(battleId('pair-2'))
  })

  test('no key votes while the answers are being written, and none of ours scrolls the page away', async () => {
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-start') say(snapshot(pending('one'), frame.requestId))
    }
    const { root, battle } = await openPage()
    battle.startLive('Why?')
    await appears(root, '.v')
    expect(press('ArrowLeft').defaultPrevented).toBe(false)
    root.querySelector<HTMLButtonElement>('.v.for-b')?.click()
    press('Escape')
    await arena.hears('battle-stop')
    expect(arena.heard.some(({ type }) => type === 'vote-cast')).toBe(false)
  })

  test('one answer is enlarged and both are shown again, by keys alone', async () => {
    servePairs('prepared')
    const { root } = await openPage(SAMPLE)
    await appears(root, OPEN_KEY)
    press('2')
    await appears(root, '.pair.only-b')
    press('Escape')
    await appears(root, '.pair:not(.only-b)')
    press('1')
    await appears(root, '.pair.only-a')
    press('1')
    await appears(root, '.pair:not(.only-a)')
  })

  test('the text as the model wrote it is shown on both sides at once', async () => {
    servePairs('prepared')
    const { root } = await openPage(SAMPLE)
    await appears(root, OPEN_KEY)
    press('t')
    await appears(root, '#answer-b pre.raw')
    expect([...root.querySelectorAll('pre.raw')].map((raw) => raw.textContent)).toEqual(['Scattering.', 'Because.'])
  })

  test('arrows in the follow-up move the caret and vote for nothing', async () => {
    servePairs('live')
    const { root, battle } = await openPage()
    battle.startLive('Why?')
    await appears(root, OPEN_KEY)
    press('f')
    const field = await appears(root, '.follow textarea')
    expect(press('ArrowLeft', field).defaultPrevented).toBe(false)
    expect(phaseOf(battle.state.value)).toBe('ready')
  })
})

describe('what cannot be pressed says why', () => {
  test('while the answers are being written', async () => {
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-start')
        say(snapshot(pending('one', { turns: [turn({ a: 'x', b: 'y' })] }), frame.requestId))
    }
    const { root, battle } = await openPage()
    battle.startLive('Why?')
    await appears(root, '.v[aria-disabled="true"]')
    expect(text(root.querySelector('.note'))).toContain('Voting opens when both answers have ended')
  })

  test('when the answers could not be compared: the same words on both sides, and what can be done', async () => {
    arena.answer = (frame, say) => {
      if (frame.type !== 'battle-start') return
      say(snapshot(pending('one', { turns: [turn({ a: 'half an answer' })] }), frame.requestId))
      say({ type: 'battle-failed', battleId: battleId('one'), version: 1 })
    }
    const { root, battle } = await openPage()
    battle.startLive('Why?')
    await appears(root, '.gone')
    const [a, b] = [...root.querySelectorAll('.gone')].map((panel) => panel.outerHTML)
    expect(a).toBe(b)
    expect(root.querySelectorAll('.v')).toHaveLength(0)
    press('r')
    expect((await arena.hears('battle-regenerate')).battleId).toBe(battleId('one'))
  })
})

describe('before the vote', () => {
  test('the two sides differ by their letter and their text alone', async () => {
    arena.answer = (frame, say) => {
      if (frame.type !== 'battle-start') return
      say(snapshot(ready('one', { turns: [turn({ a: 'The same.', b: 'The same.', ended: true })] }), frame.requestId))
    }
    const { root, battle } = await openPage()
    battle.startLive('Why?')
    await appears(root, OPEN_KEY)
    const [a, b] = [...root.querySelectorAll('article')].map((side) =>
      side.outerHTML.replace(/answer-[ab]|Answer [AB]|class="ab [ab]"|>[AB]</g, '·'),
    )
    expect(a).toBe(b)
  })

  test('the title of the tab says nothing of the battle', async () => {
    servePairs('prepared')
    const { root } = await openPage(SAMPLE)
    await appears(root, OPEN_KEY)
    expect(document.title).toBe('Battle · Ringside')
    press('ArrowLeft')
    await appears(root, '.plate')
    expect(document.title).toBe('Battle · Ringside')
  })
})

describe('the sample arena', () => {
  test('says that no real model wrote it, and how to connect some', async () => {
    servePairs('prepared')
    const { root } = await openPage(SAMPLE)
    await appears(root, OPEN_KEY)
    expect(text(root.querySelector('.note'))).toContain('by no real model')
    root.querySelector<HTMLButtonElement>('.note button')?.click()
    const dialog = text(await appears(root, 'dialog'))
    expect(dialog).toContain('MODELS_FILE')
    expect(dialog).toContain('OPENAI_BASE_URL')
  })

  test('without models and without pairs the page says so and offers no empty prompt', async () => {
    const { root } = await openPage({ ...LIVE, liveBattles: false })
    expect(text(await appears(root, '.queue h1'))).toBe('No model is connected')
    expect(root.querySelector('textarea')).toBeNull()
  })
})

describe('the prompt', () => {
  const type = (field: HTMLElement, value: string) =>
    act(() => {
      if (!(field instanceof HTMLTextAreaElement)) throw new Error('not the prompt')
      field.value = value
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })

  test('is sent by Enter, not by Shift+Enter, and its draft is forgotten once it is a battle', async () => {
    servePairs('live')
    const { root } = await openPage()
    const field = await appears(root, 'textarea')
    await type(field, 'Why is the sky blue?')
    expect(sessionStorage.getItem('ringside.draft')).toBe('Why is the sky blue?')
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', shiftKey: true, bubbles: true, cancelable: true }))
    expect(arena.heard).toEqual([])
    press('Enter', field)
    expect((await arena.hears('battle-start')).prompt).toBe('Why is the sky blue?')
    await appears(root, OPEN_KEY)
    await vi.waitFor(() => expect(sessionStorage.getItem('ringside.draft')).toBeNull(), PATIENCE)
  })

  test('that was begun before a reload is still there', async () => {
    sessionStorage.setItem('ringside.draft', 'Half a thou')
    const { root } = await openPage()
    const field = await appears(root, 'textarea')
    expect(field instanceof HTMLTextAreaElement && field.value).toBe('Half a thou')
  })

  test('that is too long says by how much and is not sent', async () => {
    const { root } = await openPage()
    const field = await appears(root, 'textarea')
    await type(field, 'x'.repeat(LIVE.promptMaxChars + 1))
    expect(text(root.querySelector('.box [role="status"]'))).toBe('1 character too many')
    press('Enter', field)
    expect(screenOfRoot(root)).toBe('empty')
  })

  test('can be taken from the prompt sets', async () => {
    const { root } = await openPage()
    const suggestion = await appears(root, '.sugg button')
    await act(() => suggestion.click())
    const field = root.querySelector('textarea')
    expect(field?.value).toBe('Why is the sea salty?')
  })
})

test('the reveal is read out once, politely, and no token of an answer is', async () => {
  arena.answer = (frame, say) => {
    if (frame.type === 'battle-start') {
      say(snapshot(pending('one'), frame.requestId))
      say(delta('one', 1, 'Scattering.', 'Because.', ['a', 'b']))
      say({ type: 'battle-ready', battleId: battleId('one'), version: 2 })
    }
    if (frame.type === 'vote-cast') {
      const vote = { voteId: frame.voteId, turn: 1, outcome: frame.outcome, counted: true, mark: null, withdrawMs: 0 }
      say({ type: 'vote-recorded', battleId: frame.battleId, vote, reveal: { a: owl, b: fox } })
    }
  }
  const { root, battle } = await openPage()
  battle.startLive('Why?')
  await appears(root, OPEN_KEY)
  const spoken: string[] = []
  const region = root.querySelector('.spoken')
  const observer = new MutationObserver(() => spoken.push(text(region) ?? ''))
  if (region) observer.observe(region, { subtree: true, childList: true, characterData: true })
  press('ArrowUp')
  await vi.waitFor(() => expect(spoken.at(-1)).toBe('Vote stored: Tie. A is owl. B is fox.'), PATIENCE)
  observer.disconnect()
  expect(spoken.join(' ')).not.toMatch(/Scattering/)
})

const screenOfRoot = (root: HTMLElement) => (root.querySelector('.start') ? 'empty' : 'other')
