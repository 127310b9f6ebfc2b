import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ArenaClient } from '../support/arena-client.ts'
import { startScriptedEndpoint, type ScriptedEndpoint } from '../support/scripted-endpoint.ts'
import { pause, ServerProcess } from '../support/server-process.ts'

const TEXT = 'Slowly one word comes after the other, and then the next one. '.repeat(6).trim()

let dataDir: string
let endpoint: ScriptedEndpoint
let server: ServerProcess

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ringside-restart-'))
  const slow = { text: TEXT, tokensPerSecond: 25 }
  endpoint = await startScriptedEndpoint({ models: { owl: slow, fox: slow } })
  const modelsFile = join(dataDir, 'models.json')
  const models = ['owl', 'fox'].map((name) => ({ name, baseUrl: endpoint.baseUrl, model: name }))
  await writeFile(modelsFile, JSON.stringify({ models }))
  server = await ServerProcess.create({ DATA_DIR: dataDir, MODELS_FILE: modelsFile, DRAIN_MS: '15000' })
  await server.start()
})

afterEach(async () => {
  await server.stop('SIGKILL')
  await endpoint.close()
  await rm(dataDir, { recursive: true, force: true })
})

test('answers that were being written when the process was killed are interrupted and can be asked again', async () => {
  const client = await ArenaClient.join(server.url)
  const battle = await client.start({ prompt: 'Will you survive?' })
  await client.next('battle-delta')
  await server.stop('SIGKILL')
  await server.start()

  const again = await client.secondTab()
  expect(await again.resume(battle.id)).toMatchObject({ status: 'interrupted' })
  await expect(again.vote(battle, 'a')).rejects.toThrow('vote/not-ready')
  endpoint.setRecipe('owl', { text: TEXT, tokensPerSecond: 1_000 })
  endpoint.setRecipe('fox', { text: TEXT, tokensPerSecond: 1_000 })
  const second = await again.regenerate(battle.id)
  expect(second.turns.at(-1)).toMatchObject({ turn: 1, generation: 2, prompt: 'Will you survive?' })
  expect(await again.ended(battle.id)).toBe('ready')
  await again.vote(second, 'a')
  again.drop()
  client.drop()
})

test('SIGTERM lets answers end, takes the vote on them, refuses new battles and ends with 0', async () => {
  const client = await ArenaClient.join(server.url)
  const battle = await client.start({ prompt: 'Finish, please' })
  await client.next('battle-delta')
  const exit = server.stop('SIGTERM')
  while (await server.isReady()) await pause(10)
  await expect(client.start({ prompt: 'One more?' })).rejects.toThrow('server/stopping')
  await client.ended(battle.id)
  expect(await exit).toBe(0)

  await server.start()
  const again = await client.secondTab()
  const view = await again.resume(battle.id)
  expect(view).toMatchObject({ status: 'ready', turns: [{ a: { text: TEXT }, b: { text: TEXT } }] })
  again.drop()
  client.drop()
})

test('a second signal ends the process at once', async () => {
  const client = await ArenaClient.join(server.url)
  await client.start({ prompt: 'Too slow' })
  await client.next('battle-delta')
  const exit = server.stop('SIGTERM')
  while (await server.isReady()) await pause(10)
  await server.stop('SIGTERM')
  expect(await exit).toBe(130)
  client.drop()
})
