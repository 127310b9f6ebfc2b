import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { commandOf, fail, isInstalled, requireSupportedNode, root } from './project.mjs'

requireSupportedNode()
if (!isInstalled('vite')) fail('The development packages are not installed: run "npm install" first.')
const host = process.env.HOST ?? '127.0.0.1'
const port = process.env.PORT ?? '3000'
const serverPort = String(await findFreePort())

// The page's server holds the visible port and passes on what the arena's server answers; each reloads by itself.
const children = [
  start([...commandOf('tsx'), 'watch', '--clear-screen=false', 'server/main.ts'], {
    PORT: serverPort,
    HOST: '127.0.0.1',
  }),
  start([...commandOf('vite'), '--host', host, '--port', port, '--clearScreen', 'false'], {
    RINGSIDE_DEV_SERVER: `http://127.0.0.1:${serverPort}`,
  }),
]
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopAll(signal))
console.log(`Ringside in development: http://${host}:${port}`)

function start([file, ...args], env) {
  const child = spawn(file, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  // One without the other is of no use. tsx keeps watching when the server crashes, so this is a wish or a real fault.
  child.on('exit', (code) => {
    process.exitCode ||= code ?? 0
    stopAll('SIGTERM')
  })
  return child
}

function stopAll(signal) {
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
