import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ServerFrame } from '../../contract/socket.ts'
import { type ArenaSocket, backoffMs, type Connection, openSocket, type SocketOptions } from '../../web/socket.ts'
import { battleId, ready, recorded, requestId, snapshot, voteId } from './battle-frames.ts'
import { type ScriptedArena, scriptedArena } from './scripted-arena.ts'

/** Short waits, so that a broken line is noticed and mended at once. */
const QUICK = { pingMs: 30, pongMs: 60, backoffFirstMs: 5, backoffMostMs: 20 }

let arena: ScriptedArena
let socket: ArenaSocket | undefined

beforeEach(async () => {
  arena = await scriptedArena()
})
afterEach(async () => {
  socket?.close()
  socket = undefined
  await arena.close()
})

function open(options: Partial<SocketOptions> = {}): ArenaSocket {
  socket = openSocket({ connect: () => new WebSocket(arena.socketUrl), timing: QUICK, ...options })
  return socket
}

const becomes = (line: ArenaSocket, wanted: Connection) =>
  new Promise<void>((resolve) => {
    const stop = line.connection.subscribe((connection) => {
      if (connection !== wanted) return
      queueMicrotask(() => stop())
      resolve()
    })
  })

const start = (name: string) => ({ type: 'battle-start', requestId: requestId(name), prompt: 'Why?' }) as const
const cast = (name: string) =>
  ({
    type: 'vote-cast',
    voteId: voteId(name),
    battleId: battleId('one'),
    turn: 1,
    generation: 1,
    outcome: 'a',
  }) as const

describe('the line', () => {
  test('is up when the server has said welcome, and tells its build', async () => {
    arena.build = 'b2'
    const line = open()
    expect(line.connection.value).toBe('connecting')
    await becomes(line, 'online')
    expect(line.serverBuild.value).toBe('b2')
  })

  test('comes back by itself after it was cut', async () => {
    const line = open()
    await becomes(line, 'online')
    arena.cut()
    await becomes(line, 'offline')
    await becomes(line, 'online')
    expect(arena.connections).toBe(2)
  })

  test('that is half open is noticed by its silence and given up', async () => {
    const line = open()
    await becomes(line, 'online')
    arena.mute = true
    await arena.hears('ping')
    await becomes(line, 'offline')
    arena.mute = false
    await becomes(line, 'online')
  })

  test('that never says welcome is tried again', async () => {
    arena.mute = true
    const line = open()
    await becomes(line, 'offline')
    arena.mute = false
    await becomes(line, 'online')
    expect(arena.connections).toBeGreaterThan(1)
  })

  test('is prepared before every attempt, and tried again when that fails', async () => {
    let prepared = 0
    const line = open({
      prepare: async () => {
        prepared += 1
        if (prepared === 1) throw new Error('no session yet')
      },
    })
    await becomes(line, 'offline')
    expect(arena.connections).toBe(0)
    await becomes(line, 'online')
    expect(prepared).toBe(2)
  })

  test('does not come back after it was closed', async () => {
    const line = open()
    await becomes(line, 'online')
    line.close()
    arena.cut()
    expect(line.connection.value).toBe('online')
    expect(arena.connections).toBe(1)
  })
})

describe('requests that wait for an answer', () => {
  test('go out again after a break, with the same ids and in their order', async () => {
    const line = open()
    await becomes(line, 'online')
    line.send(start('one'))
    line.send(cast('1'))
    await arena.hears('vote-cast')
    arena.cut()
    await arena.hears('vote-cast', 1)
    const again = arena.heard.filter(({ type }) => type !== 'ping')
    expect(again.map((frame) => ('voteId' in frame ? frame.voteId : 'requestId' in frame && frame.requestId))).toEqual([
      requestId('one'),
      voteId('1'),
      requestId('one'),
      voteId('1'),
    ])
  })

  test('do not go out again once they are answered', async () => {
    arena.answer = (frame, say) => {
      if (frame.type === 'battle-start') say(snapshot(ready('one'), frame.requestId))
      if (frame.type === 'vote-cast') say(recorded('one', frame.voteId, 'a'))
    }
    const line = open()
    await becomes(line, 'online')
    const revealed = nextFrame(line, 'vote-recorded')
    line.send(start('one'))
    line.send(cast('1'))
    await revealed
    arena.cut()
    await becomes(line, 'offline')
    await becomes(line, 'online')
    line.send({ type: 'battle-resume', requestId: requestId('look'), battleId: battleId('one') })
    await arena.hears('battle-resume')
    expect(arena.heard.filter(({ type }) => type === 'vote-cast' || type === 'battle-start')).toHaveLength(2)
  })

  test('given without a line wait for it', async () => {
    arena.mute = true
    const line = open()
    line.send(cast('1'))
    await becomes(line, 'offline')
    arena.mute = false
    expect((await arena.hears('vote-cast')).voteId).toBe(voteId('1'))
  })

  test('that are forgotten stay at home', async () => {
    arena.mute = true
    const line = open()
    line.send(start('left'))
    line.send(cast('1'))
    line.forget(requestId('left'))
    await becomes(line, 'offline')
    arena.mute = false
    await arena.hears('vote-cast')
    expect(arena.heard.some(({ type }) => type === 'battle-start')).toBe(false)
  })

  test('a stop is not kept: it must not end what was asked after it', async () => {
    arena.mute = true
    const line = open()
    line.send({ type: 'battle-stop', requestId: requestId('stop'), battleId: battleId('one') })
    line.send(cast('1'))
    await becomes(line, 'offline')
    arena.mute = false
    await arena.hears('vote-cast')
    expect(arena.heard.some(({ type }) => type === 'battle-stop')).toBe(false)
  })

  test('what is said at every welcome comes before what waits', async () => {
    const line = open()
    await becomes(line, 'online')
    line.onOnline(() => line.send({ type: 'battle-resume', requestId: requestId('look'), battleId: battleId('one') }))
    line.send(cast('1'))
    await arena.hears('vote-cast')
    arena.cut()
    await arena.hears('vote-cast', 1)
    expect(arena.heard.map(({ type }) => type).filter((type) => type !== 'ping')).toEqual([
      'vote-cast',
      'battle-resume',
      'vote-cast',
    ])
  })
})

test('what is no frame is passed over', async () => {
  const line = open()
  await becomes(line, 'online')
  const pong = nextFrame(line, 'pong')
  arena.answer = (frame, say) => {
    // Reaches the page as text that is not of the contract.
    if (frame.type === 'battle-stop') for (const odd of [null, 7, 'text', []]) say(odd as unknown as ServerFrame)
  }
  line.send({ type: 'battle-stop', requestId: requestId('stop'), battleId: battleId('one') })
  await pong
  expect(line.connection.value).toBe('online')
})

test('attempts spread over the whole of a growing, bounded time', () => {
  const timing = { backoffFirstMs: 500, backoffMostMs: 20_000 }
  expect(backoffMs(0, timing, 0)).toBe(0)
  expect(backoffMs(0, timing, 1)).toBe(500)
  expect(backoffMs(3, timing, 0.5)).toBe(2_000)
  expect(backoffMs(50, timing, 1)).toBe(20_000)
})

function nextFrame(line: ArenaSocket, type: ServerFrame['type']) {
  return new Promise<ServerFrame>((resolve) => {
    const stop = line.onFrame((frame) => {
      if (frame.type !== type) return
      stop()
      resolve(frame)
    })
  })
}
