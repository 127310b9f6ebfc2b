import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

interface Tally {
  passed: number
  failed: number
  skipped: number
}

/**
 * Ends a run with the plain line `N passed, N failed, N skipped`, after the reasons of what was skipped. A file that
 * cannot be loaded and an error outside every test count as failures: a run without results is no success.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const tally = countResults(tests)
    tally.failed += unhandledErrors.length + modules.filter(isBrokenOutsideTests).length
    for (const line of skipReasons(tests)) console.log(line)
    // Under `npm test` the types, the lint and the build are counted too, and scripts/test.mjs writes the last line.
    const summaryFile = process.env['RINGSIDE_TEST_SUMMARY']
    if (summaryFile === undefined)
      console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`)
    else writeFileSync(summaryFile, JSON.stringify(tally))
  }
}

function countResults(tests: readonly TestCase[]): Tally {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  for (const test of tests) {
    const { state } = test.result()
    // What is still pending at the end of a run never finished.
    tally[state === 'pending' ? 'failed' : state] += 1
  }
  return tally
}

/** True for a file that failed although none of its tests did: it did not load, or a hook around its tests failed. */
function isBrokenOutsideTests(module: TestModule): boolean {
  return module.state() === 'failed' && ![...module.children.allTests('failed')].length
}

function skipReasons(tests: readonly TestCase[]): string[] {
  const counts = new Map<string, number>()
  for (const test of tests) {
    const result = test.result()
    if (result.state !== 'skipped') continue
    const reason = result.note ?? `no reason given: ${test.fullName}`
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts].map(([reason, count]) => `skipped ${count}: ${reason}`)
}
