import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder with package.json. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Ends the process with one line when Ringside cannot run on this Node, before a native module crashes without a word. */
export function requireSupportedNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24
  if (!supported)
    fail(`Ringside needs Node 20.19 or newer, 22.13 or newer, or 24 and later; this is Node ${process.versions.node}.`)
}

/** One line for the person, then the end. */
export function fail(line) {
  console.error(line)
  process.exit(1)
}

export function isInstalled(packageName) {
  return existsSync(join(root, 'node_modules', packageName, 'package.json'))
}

/** The script behind a package's command, to be run by this very Node: works the same on every system. */
export function commandOf(packageName, command = packageName) {
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules', packageName, 'package.json'), 'utf8'))
  const path = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[command]
  return [process.execPath, join(root, 'node_modules', packageName, path)]
}

/** Runs a command to its end. `output` is `inherit`, `stderr` (nothing reaches our stdout) or `collect`. */
export function run([file, ...args], { output = 'inherit', env = {} } = {}) {
  const stdio = { inherit: 'inherit', stderr: ['ignore', 2, 2], collect: ['ignore', 'pipe', 'pipe'] }[output]
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio, env: { ...process.env, ...env } })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (part) => (text += part))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? 128, signal, text }))
  })
}
