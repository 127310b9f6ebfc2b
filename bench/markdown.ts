import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { servePage } from '../tests/web/markdown-server.ts'

/**
 * What one update of a growing answer costs in a real browser: a 10 kB answer in 250 steps, drawn block by block as
 * Ringside does, and, in the same run, read and drawn as a whole at every step (marked, DOMPurify, innerHTML), which
 * is the plain way to do it. Then two answers of 20,000 tokens near their end, 100 tokens a second each, on a processor
 * slowed down four times.
 *
 * npm run bench -- markdown
 */
export interface MarkdownBench {
  byBlocks(steps: readonly string[]): number[]
  asWhole(steps: readonly string[]): number[]
  /** Draws two answers up to a place and waits until they are done. */
  prepare(texts: readonly string[], chars: number): Promise<void>
  stream(
    texts: readonly string[],
    from: number,
    charsPerTick: number,
    tickMs: number,
    ticks: number,
  ): Promise<{ times: number[]; longTasks: number[] }>
}

declare global {
  var bench: MarkdownBench
}

const STEPS = 250
const LONG_CHARS = 80_000

const PART = `## How the wind reaches the harbour

The **north pier** turns the swell by about 30°, so a boat of length $L$ feels a period of $T = 2\\pi\\sqrt{L/g}$ at its berth. Most of what arrives is *reflected*: see [the tide tables](https://harbour.example/tides) and \`berth_angle\` below.

- Two fenders on the windward side, one spare
- Lines doubled **before** dark, not after
  - spring lines first
  - then bow and stern
- The gauge is read every ten minutes

| Hour | Wind, kn | Swell, m |
| ---- | -------: | -------: |
| 18   |       12 |      0.6 |
| 20   |       19 |      1.1 |
| 22   |       24 |      1.7 |

\`\`\`python
def berth_angle(wind, pier, swell=0.5):
    """Degrees between the bow and what comes in."""
    turned = (wind - pier) % 360
    return min(turned, 360 - turned) * swell  # never more than 180
\`\`\`

> If in doubt, stay tied up. Nobody was ever late for a calm.

1. Look at the gauge.
2. Compare it with the table.
3. Decide, and write the decision down.

`

const answerOf = (chars: number): string => PART.repeat(Math.ceil(chars / PART.length)).slice(0, chars)
const stepsOf = (text: string): string[] =>
  Array.from({ length: STEPS }, (_, step) => text.slice(0, Math.ceil((text.length * (step + 1)) / STEPS)))

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
const ms = (value: number): string => `${value.toFixed(2)} ms`

function report(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((one, other) => one - other)
  const total = times.reduce((sum, time) => sum + time, 0)
  console.log(
    `${name.padEnd(34)} median ${ms(at(sorted, 0.5))}   p95 ${ms(at(sorted, 0.95))}   worst ${ms(at(sorted, 1))}   total ${total.toFixed(0)} ms`,
  )
}

async function measureUpdates(page: Page, slowdown: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  const steps = stepsOf(answerOf(10_000))
  // Each way once before it counts, so that both are compiled.
  await page.evaluate((all) => void [globalThis.bench.byBlocks(all), globalThis.bench.asWhole(all)], steps)
  console.log(
    `\n10 kB in ${STEPS} steps, ${slowdown === 1 ? 'processor as it is' : `processor slowed down ${slowdown} times`}`,
  )
  report('block by block (Ringside)', await page.evaluate((all) => globalThis.bench.byBlocks(all), steps))
  report('whole at every step (prior art)', await page.evaluate((all) => globalThis.bench.asWhole(all), steps))
}

/** Processor time of the page's main thread in seconds; what other processes take of the machine is not in it. */
async function mainThreadSeconds(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  }
}

async function measureStream(page: Page, slowdown: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  const text = answerOf(LONG_CHARS)
  // Four characters a token, twenty ticks a second: 100 tokens a second.
  await page.evaluate(([whole, from]) => globalThis.bench.prepare([whole, whole], from), [
    text,
    LONG_CHARS - 5_000,
  ] as const)
  const seconds = await mainThreadSeconds(page)
  const before = await seconds()
  const { times, longTasks } = await page.evaluate(
    ([whole, from, ticks]) => globalThis.bench.stream([whole, whole], from, 20, 50, ticks),
    [text, LONG_CHARS - 5_000, TICKS] as const,
  )
  const perUpdate = (((await seconds()) - before) / TICKS) * 1_000
  console.log(
    `\ntwo answers of 20,000 tokens at 100 tokens/s each, ${slowdown === 1 ? 'processor as it is' : `processor slowed down ${slowdown} times`}`,
  )
  report('both answers, one update', times)
  console.log(`processor time of the main thread, drawing included: ${ms(perUpdate)} an update`)
  const worst = longTasks.length > 0 ? `, worst ${ms(Math.max(...longTasks))}` : ''
  console.log(`long tasks over 50 ms: ${longTasks.length} of ${TICKS} updates (target 0 at 4 times)${worst}`)
}

const TICKS = 200

const served = await servePage(new URL('markdown-page', import.meta.url).pathname, "default-src 'self'")
const profile = await mkdtemp(join(tmpdir(), 'ringside-chromium-'))
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env['RINGSIDE_CHROMIUM'] ?? '/usr/bin/chromium',
  headless: true,
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
try {
  const page = await context.newPage()
  await page.goto(served.origin)
  await measureUpdates(page, 1)
  await measureUpdates(page, 4)
  await measureStream(page, 1)
  await measureStream(page, 4)
} finally {
  await context.close()
  await served.close()
  await rm(profile, { recursive: true, force: true })
}
