import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ArenaStatus } from '../../contract/arena.ts'
import { openBattle, type BattleController } from '../../web/battle/battle-controller.ts'
import { type BattleState, phaseOf, screenOf } from '../../web/battle/battle-state.ts'
import { type ArenaSocket, openSocket } from '../../web/socket.ts'
import { deviceMemory, tabMemory } from '../../web/storage.ts'
import { battleId, delta, fox, owl, pending, ready, recorded, snapshot, turn } from './battle-frames.ts'
import { type ScriptedArena, scriptedArena } from './scripted-arena.ts'

const LIVE: ArenaStatus = {
  arena: 'text',
  liveBattles: true,
  preparedBattles: false,
  sampleArena: false,
  promptMaxChars: 1000,
  build: 'test',
}
const SAMPLE: ArenaStatus = { ...LIVE, liveBattles: false, preparedBattles: true, sampleArena: true }

let arena: ScriptedArena
let open: { socket: ArenaSocket; battle: BattleController }[] = []
let ids = 0

beforeEach(async () => {
  arena = await scriptedArena()
  localStorage.clear()
  sessionStorage.clear()
})
afterEach(async () => {
  for (const { socket, battle } of open) {
    battle.close()
    socket.close()
  }
  open = []
  await arena.close()
})

/** A page of the same tab: opening a second one is a reload. */
function openPage(status = LIVE): BattleController {
  const socket = openSocket({
    connect: () => new WebSocket(arena.socketUrl),
    timing: { backoffFirstMs: 5, backoffMostMs: 10 },
  })
  const battle = openBattle({
    socket,
    tab: tabMemory,
    device: deviceMemory,
    makeId: () => `made-id-${String((ids += 1)).padStart(6, '0')}`,
    now: Date.now,
    language: () => 'ru',
  })
  open.push({ socket, battle })
  battle.begin(status)
  return battle
}

function closePage() {
  for (const { socket, battle } of open) {
    battle.close()
    socket.close()
  }
  open = []
}

const until = (battle: BattleController, reached: (state: BattleState) => boolean) =>
  new Promise<BattleState>((resolve) => {
    const stop = battle.state.subscribe((state) => {
      if (!reached(state)) return
      queueMicrotask(() => stop())
      resolve(state)
    })
  })
const inPhase = (phase: ReturnType<typeof phaseOf>) => (state: BattleState) => phaseOf(state) === phase

/** Opens one pair after another, each ready, and keeps every vote. */
function servePairs(kind: 'live' | 'prepared') {
  let pairs = 0
  arena.answer = (frame, say) => {
    if (frame.type === 'battle-start') say(snapshot(ready(`pair-${(pairs += 1)}`, { kind }), frame.requestId))
    if (frame.type === 'vote-cast') {
      const { battleId: id, voteId, outcome, turn: judged } = frame
      const vote = { voteId, turn: judged, outcome, counted: true, mark: null, withdrawMs: 60_000 }
      say({ type: 'vote-recorded', battleId: id, vote, reveal: { a: owl, b: fox } })
    }
  }
}

describe('what the first page shows', () => {
  test('with the sample arena alone: a pair, asked for in the language of the page', async () => {
    servePairs('prepared')
    const battle = openPage(SAMPLE)
    await until(battle, inPhase('ready'))
    const frame = await arena.hears('battle-start')
    expect(frame.language).toBe('ru')
    expect(frame.prompt).toBeUndefined()
  })

  test('with models: an empty prompt, and nothing is asked of the server', () => {
    const battle = openPage(LIVE)
    expect(screenOf(battle.state.value, true)).toBe('empty')
    expect(arena.heard).toEqual([])
  })
})

describe('judging prepared pairs', () => {
  test('the next pair is opened when the vote is stored, and is there at once', async () => {
    servePairs('prepared')
    const battle = openPage(SAMPLE)
    await until(battle, inPhase('ready'))
    battle.vote('a')
    const revealed = await until(battle, ({ next }) => next?.battle !== undefined && next.battle !== null)
    expect(phaseOf(revealed)).toBe('revealed')
    battle.next()
    expect(battle.state.value.battle?.id).toBe(battleId('pair-2'))
    expect(phaseOf(battle.state.value)).toBe('ready')
    expect(arena.heard.filter(({ type }) => type === 'battle-start')).toHaveLength(2)
  })

  test('keys that are pressed twice vote once', async () => {
    servePairs('prepared')
    const battle = openPage(SAMPLE)
    await until(battle, inPhase('ready'))
    battle.vote('a')
    battle.vote('b')
    await until(battle, inPhase('revealed'))
    expect(arena.heard.filter(({ type }) => type === 'vote-cast')).toHaveLength(1)
  })
})

describe('a vote without a line', () => {
  test('is kept on the device and acknowledged once when the line is back', async () => {
    servePairs('live')
    const battle = openPage()
    battle.startLive('Why?')
    await until(battle, inPhase('ready'))
    const serve = arena.answer
    arena.mute = true
    arena.cut()
    battle.vote('b')
    expect(phaseOf(battle.state.value)).toBe('voting')
    expect(deviceMemory.keys('ringside.vote.')).toHaveLength(1)
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-resume') say(snapshot(ready('pair-1'), frame.requestId))
      serve(frame, say)
    }
    arena.mute = false
    const revealed = await until(battle, inPhase('revealed'))
    expect(revealed.battle).toMatchObject({ vote: { outcome: 'b' } })
    expect(deviceMemory.keys('ringside.vote.')).toEqual([])
    expect(arena.heard.filter(({ type }) => type === 'vote-cast')).toHaveLength(1)
  })

  test('outlives a reload and goes out with the id that it was given', async () => {
    servePairs('live')
    const battle = openPage()
    battle.startLive('Why?')
    await until(battle, inPhase('ready'))
    arena.mute = true
    battle.vote('tie')
    const [key] = deviceMemory.keys('ringside.vote.')
    closePage()
    arena.mute = false
    const serve = arena.answer
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-resume') say(snapshot(ready('pair-1'), frame.requestId))
      else serve(frame, say)
    }
    const reloaded = openPage()
    expect(phaseOf(await until(reloaded, inPhase('revealed')))).toBe('revealed')
    const cast = arena.heard.filter((frame) => frame.type === 'vote-cast')
    expect(new Set(cast.map(({ voteId }) => `ringside.vote.${voteId}`))).toEqual(new Set([key]))
  })

  test('that the server cannot store yet goes out again by itself', async () => {
    let refusals = 0
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-start') say(snapshot(ready('one'), frame.requestId))
      if (frame.type !== 'vote-cast') return
      if ((refusals += 1) < 3) {
        say({ type: 'vote-refused', voteId: frame.voteId, code: 'vote/unknown-outcome', message: '', retryAfterMs: 5 })
      } else say(recorded('one', frame.voteId, frame.outcome))
    }
    const battle = openPage()
    battle.startLive('Why?')
    await until(battle, inPhase('ready'))
    battle.vote('a')
    await until(battle, inPhase('revealed'))
    const cast = arena.heard.filter((frame) => frame.type === 'vote-cast')
    expect(cast).toHaveLength(3)
    expect(new Set(cast.map(({ voteId }) => voteId)).size).toBe(1)
  })

  test('that was given in another tab before shows the names of that one', async () => {
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-start') say(snapshot(ready('one'), frame.requestId))
      if (frame.type === 'vote-cast') {
        say({ type: 'vote-refused', voteId: frame.voteId, code: 'vote/already-voted', message: '' })
      }
      if (frame.type === 'battle-resume') {
        const other = recorded('one', 'vote-of-another-tab', 'b')
        if (other.type !== 'vote-recorded') return
        const { vote, reveal } = other
        say(snapshot({ ...ready('one'), status: 'revealed', vote, reveal }, frame.requestId))
      }
    }
    const battle = openPage()
    battle.startLive('Why?')
    await until(battle, inPhase('ready'))
    battle.vote('a')
    const state = await until(battle, inPhase('revealed'))
    expect(state.note).toBe('vote/already-voted')
    expect(state.battle).toMatchObject({ vote: { outcome: 'b' } })
    expect(deviceMemory.keys('ringside.vote.')).toEqual([])
  })
})

describe('coming back', () => {
  test('a reload takes up the battle that was on the page', async () => {
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-start') say(snapshot(pending('one'), frame.requestId))
      if (frame.type === 'battle-resume') {
        say(snapshot(pending('one', { version: 2, turns: [turn({ a: 'ab', b: 'cd' })] }), frame.requestId))
      }
    }
    const battle = openPage()
    battle.startLive('Why?')
    await until(battle, inPhase('streaming'))
    closePage()
    const reloaded = openPage()
    expect(screenOf(reloaded.state.value, true)).toBe('connecting')
    const state = await until(reloaded, inPhase('streaming'))
    expect(state.battle?.turns[0]?.a.text).toBe('ab')
    expect(arena.heard.filter(({ type }) => type === 'battle-start')).toHaveLength(1)
  })

  test('a cut line loses no text and doubles none', async () => {
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-start') {
        say(snapshot(pending('one'), frame.requestId))
        say(delta('one', 1, 'Scat', 'Be'))
      }
      if (frame.type === 'battle-resume') {
        say(snapshot(pending('one', { version: 3, turns: [turn({ a: 'Scattering', b: 'Because' })] }), frame.requestId))
        say(delta('one', 3, 'ring', 'ause'))
        say(delta('one', 4, '.', '.', ['a', 'b']))
        say({ type: 'battle-ready', battleId: battleId('one'), version: 5 })
      }
    }
    const battle = openPage()
    battle.startLive('Why?')
    await until(battle, ({ battle: shown }) => shown?.turns[0]?.a.text === 'Scat')
    arena.cut()
    const state = await until(battle, inPhase('ready'))
    expect(state.battle?.turns[0]).toMatchObject({ a: { text: 'Scattering.' }, b: { text: 'Because.' } })
  })

  test('a battle that is gone after a reload is replaced by what there is to begin with', async () => {
    tabMemory.write('ringside.battle', battleId('gone'))
    servePairs('prepared')
    const serve = arena.answer
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-resume') {
        say({ type: 'request-refused', requestId: frame.requestId, code: 'battle/not-found', message: '' })
      } else serve(frame, say)
    }
    const state = await until(openPage(SAMPLE), inPhase('ready'))
    expect(state.battle?.id).toBe(battleId('pair-1'))
  })

  test('a question that was put into a battle just before the line broke is put once', async () => {
    let resumed = 0
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-start') say(snapshot(ready('one'), frame.requestId))
      if (frame.type === 'battle-continue') arena.cut()
      if (frame.type === 'battle-resume') {
        resumed += 1
        const turns = [turn({ a: 'x', b: 'y', ended: true }), turn({ turn: 2, prompt: 'And?' })]
        say(snapshot(pending('one', { version: 1, turns }), frame.requestId))
      }
    }
    const battle = openPage()
    battle.startLive('Why?')
    await until(battle, inPhase('ready'))
    battle.followUp('And?')
    const state = await until(battle, inPhase('streaming'))
    expect(state.asking).toBeNull()
    expect(resumed).toBe(1)
    expect(arena.heard.filter(({ type }) => type === 'battle-continue')).toHaveLength(1)
  })
})

describe('leaving', () => {
  test('a live battle that is still being written is stopped before another one begins', async () => {
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-start') say(snapshot(pending('one'), frame.requestId))
    }
    const battle = openPage()
    battle.startLive('Why?')
    await until(battle, inPhase('streaming'))
    battle.newBattle()
    expect((await arena.hears('battle-stop')).battleId).toBe(battleId('one'))
    expect(screenOf(battle.state.value, true)).toBe('empty')
  })

  test('a start that is given up is not sent when the line comes', async () => {
    arena.mute = true
    const battle = openPage()
    battle.startLive('Why?')
    battle.leave()
    battle.startLive('Really?')
    arena.cut()
    arena.mute = false
    expect((await arena.hears('battle-start')).prompt).toBe('Really?')
    expect(arena.heard.filter(({ type }) => type === 'battle-start')).toHaveLength(1)
  })
})

test('taking a vote back is asked once and only within its time', async () => {
  servePairs('live')
  const serve = arena.answer
  arena.answer = (frame, say) => {
    serve(frame, say)
    if (frame.type === 'vote-withdraw') {
      const { voteId, supersedes } = frame
      say({ type: 'vote-withdrawn', battleId: battleId('pair-1'), voteId, supersedes })
    }
  }
  const battle = openPage()
  battle.startLive('Why?')
  await until(battle, inPhase('ready'))
  battle.vote('a')
  await until(battle, inPhase('revealed'))
  battle.undo()
  battle.undo()
  await until(battle, inPhase('withdrawn'))
  battle.undo()
  expect(arena.heard.filter(({ type }) => type === 'vote-withdraw')).toHaveLength(1)
})

test('nothing that the page stores tells a model before the vote', async () => {
  servePairs('live')
  const battle = openPage()
  battle.startLive('Why?')
  await until(battle, inPhase('ready'))
  arena.mute = true
  battle.vote('a')
  const stored = [localStorage, sessionStorage].flatMap((storage) => Object.entries(storage)).join('\n')
  expect(stored).toContain(battleId('pair-1'))
  expect(stored).not.toMatch(/owl|fox/)
})

test('a vote in storage that was tampered with is passed over', () => {
  deviceMemory.write('ringside.vote.x', '{"voteId":7}')
  deviceMemory.write('ringside.vote.y', 'not json')
  expect(() => openPage()).not.toThrow()
  expect(arena.heard).toEqual([])
})
