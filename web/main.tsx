import './styles/tokens.css'
import './styles/base.css'
import { signal } from '@preact/signals'
import { render } from 'preact'
import type { ArenaStatus } from '../contract/arena.ts'
import { httpApi } from './api.ts'
import { App } from './shell/app.tsx'
import { openSocket } from './socket.ts'

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

const root = document.getElementById('app')
if (root) render(<App api={api} socket={socket} arena={arena} pageBuild={pageBuild} />, root)
