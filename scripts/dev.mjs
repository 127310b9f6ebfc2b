import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { commandOf, fail, isInstalled, requireSupportedNode, root } from './project.mjs'

requireSupportedNode()
if (!isInstalled('vite')) fail('The development packages are not installed: run "npm install" first.')
const host = process.env.HOST ?? '127.0.0.1'
const port = process.env.PORT ?? '3000'
const serverPort = String(await findFreePort())

const children = []
const modelSettings = isWithoutModels() ? await startDevelopmentModels() : {}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopAll(signal, 0))

// The page's server holds the visible port and passes on what the arena's server answers; each reloads by itself.
start([...commandOf('tsx'), 'watch', '--clear-screen=false', 'server/main.ts'], {
  ...modelSettings,
  PORT: serverPort,
  HOST: '127.0.0.1',
})
await waitUntilServing()
if (process.exitCode === undefined) {
  start([...commandOf('vite'), '--host', host, '--port', port, '--clearScreen', 'false', '--logLevel', 'warn'], {
    RINGSIDE_DEV_SERVER: `http://127.0.0.1:${serverPort}`,
  })
  console.log(`Developing at http://${host}:${port} (the server behind it reloads by itself)`)
}

/** A page that is opened first would only show that there is no server yet. A server that crashes is waited for no longer. */
async function waitUntilServing() {
  for (let tries = 0; tries < 100 && process.exitCode === undefined; tries += 1) {
    const isServing = await fetch(`http://127.0.0.1:${serverPort}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isServing) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function isWithoutModels() {
  return !['MODELS_FILE', 'OPENAI_BASE_URL', 'OPENAI_API_KEY'].some((name) => process.env[name])
}

/** Scripted models beside the sample arena: live battles without a network. */
function startDevelopmentModels() {
  const [file, ...args] = [...commandOf('tsx'), 'scripts/dev-models.ts']
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return new Promise((resolve) => {
    child.stdout.setEncoding('utf8').once('data', (line) => resolve(forDevelopment(line.trim())))
    child.once('exit', () => resolve({}))
  })
}

/** In a folder of their own, so that no scripted model ever joins a real arena. */
function forDevelopment(baseUrl) {
  return { OPENAI_BASE_URL: baseUrl, SAMPLE_ARENA: 'on', DATA_DIR: process.env.DATA_DIR ?? join('data', 'development') }
}

function start([file, ...args], env) {
  const child = spawn(file, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  // One without the other is of no use. tsx keeps watching when the server crashes, so this is a wish or a real fault.
  child.on('exit', (code) => {
    stopAll('SIGTERM', code ?? 1)
  })
  children.push(child)
}

function stopAll(signal, exitCode) {
  process.exitCode ??= exitCode
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill(signal)
}

function findFreePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address()
      probe.close(() => resolve(free))
    })
  })
}
