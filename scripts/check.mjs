import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { commandOf, fail, isInstalled, requireSupportedNode, run } from './project.mjs'

/** What can be said about the code without running it. Each is one command; they run side by side. */
function checks() {
  const tsc = (project) => [...commandOf('typescript', 'tsc'), '--noEmit', '-p', project]
  return {
    'types of the server': tsc('.'),
    'types of the page': tsc('web'),
    'types of the page tests': tsc('tests/web'),
    'types of the browser tests': tsc('tests/e2e'),
    'types of the benchmark page': tsc('bench/markdown-page'),
    lint: commandOf('oxlint'),
    format: [...commandOf('oxfmt'), '--check'],
  }
}

/** Runs all checks and returns how many passed and failed. What a failed one had to say is printed, nothing else. */
export async function runChecks() {
  const results = await Promise.all(Object.entries(checks()).map(([name, command]) => runCheck(name, command)))
  const passed = results.filter(Boolean).length
  return { passed, failed: results.length - passed }
}

async function runCheck(name, command) {
  const started = Date.now()
  const { code, text } = await run(command, { output: 'collect' })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(code === 0 ? `ok      ${name} (${seconds} s)` : `FAILED  ${name} (${seconds} s)\n${text}`)
  return code === 0
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  requireSupportedNode()
  if (!isInstalled('oxlint')) fail('The development packages are not installed: run "npm install" first.')
  const { failed } = await runChecks()
  process.exitCode = failed === 0 ? 0 : 1
}
