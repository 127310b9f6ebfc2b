import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv } from 'node:process'
import { BuildError, ensureBuilt } from './build.mjs'
import { runChecks } from './check.mjs'
import { commandOf, fail, isInstalled, requireSupportedNode, run } from './project.mjs'
import { installTestPackages } from './test-packages.mjs'

const NOTHING = { passed: 0, failed: 0, skipped: 0 }

requireSupportedNode()
if (!isInstalled('vitest')) fail('The development packages are not installed: run "npm install" first.')
const vitestArguments = argv.slice(2)
await installTestPackages()
const results = [await checkCode(), await build(), await runTests()]
const total = results.reduce(addTallies, NOTHING)
process.exitCode = total.failed === 0 ? 0 : 1
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)

async function checkCode() {
  if (vitestArguments.length > 0) {
    console.log('Only what was asked for: types, lint and format are left to "npm run check".')
    return NOTHING
  }
  return { ...(await runChecks()), skipped: 0 }
}

/** The browser tests and the SIGKILL test run what a person would run. */
async function build() {
  try {
    await ensureBuilt()
    return { ...NOTHING, passed: 1 }
  } catch (error) {
    console.error(error instanceof BuildError ? 'The build failed: see above.' : error)
    return { ...NOTHING, failed: 1 }
  }
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-test-'))
  const summaryFile = join(folder, 'summary.json')
  try {
    const { code } = await run([...commandOf('vitest'), 'run', ...vitestArguments], {
      env: { RINGSIDE_TEST_SUMMARY: summaryFile },
    })
    const tally = readTally(summaryFile)
    // A run that failed without a failed test (no summary, a broken set-up) is a failure of its own.
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    console.error('The test run ended without a summary.', cause.message)
    return { ...NOTHING, failed: 1 }
  }
}

function addTallies(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  }
}
