import './styles/tokens.css'
import './styles/base.css'
import { signal } from '@preact/signals'
import { render } from 'preact'
import type { ArenaStatus } from '../contract/arena.ts'
import { httpApi } from './api.ts'
import { openBattle } from './battle/battle-controller.ts'
import { language } from './i18n/language.ts'
import { App } from './shell/app.tsx'
import { makeId } from './make-id.ts'
import { openSocket } from './socket.ts'
import { deviceMemory, tabMemory } from './storage.ts'

const api = httpApi()
const arena = signal<ArenaStatus | null>(null)
/** The server's build at the first answer is the build of this page. */
const pageBuild = signal<string | null>(null)

const socket = openSocket({
  connect: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/socket`),
  // The cookie makes the voter and must be there before the socket; a restart may have brought other models.
  prepare: async () => {
    await api.openSession()
    arena.value = await api.findArena()
    pageBuild.value ??= arena.value.build
  },
})

/** Lives as long as the page: a look at the leaderboard must not end a battle. */
const battle = openBattle({
  socket,
  tab: tabMemory,
  device: deviceMemory,
  makeId,
  now: Date.now,
  language: () => language.value,
})

const root = document.getElementById('app')
if (root) render(<App api={api} socket={socket} arena={arena} pageBuild={pageBuild} battle={battle} />, root)
