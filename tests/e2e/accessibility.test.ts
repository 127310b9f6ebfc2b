import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { noBrowser, openBrowser, openPage } from '../support/browser.ts'
import { startScriptedEndpoint, type ScriptedEndpoint } from '../support/scripted-endpoint.ts'
import { testArena, type TestArena } from '../support/test-arena.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

interface Finding {
  readonly id: string
  readonly nodes: readonly { readonly target: unknown }[]
}

/** What axe finds on a page by the rules of WCAG 2.0 to 2.2, A and AA. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async (rules): Promise<Finding[]> => {
    const inPage = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Finding[] }> } }
    return (await inPage.axe.run({ runOnly: rules })).violations
  }, RULES)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(', ')}`)
}

describe.skipIf(noBrowser)(`axe finds nothing${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  let browser: Browser
  let sample: TestArena
  let live: TestArena
  let endpoint: ScriptedEndpoint

  beforeAll(async () => {
    browser = await openBrowser()
    sample = await testArena({ settings: { SAMPLE_ARENA: 'on' } })
    endpoint = await startScriptedEndpoint({
      models: {
        slow: { text: 'Word after word. '.repeat(200), tokensPerSecond: 20 },
        also: { text: 'Another answer. '.repeat(200), tokensPerSecond: 20 },
      },
    })
    live = await testArena({
      models: ['slow', 'also'].map((name) => ({ name, baseUrl: endpoint.baseUrl, model: name })),
    })
  })
  afterAll(async () => {
    await browser.close()
    await sample.close()
    await live.close()
    await endpoint.close()
  })

  describe.each([
    ['light', 'en-US', 1440],
    ['dark', 'ru-RU', 1440],
    ['light', 'ru-RU', 390],
    ['dark', 'en-US', 390],
  ] as const)('in %s, %s, %i px wide', (colorScheme, locale, width) => {
    const options = { colorScheme, locale, viewport: { width, height: 844 }, bypassCSP: true }

    test('on a pair to be judged, and after the vote', async () => {
      const { page } = await openPage(browser, options)
      await page.goto(sample.url)
      await page
        .locator('button:not([aria-disabled="true"])', { hasText: /лучше|better/ })
        .first()
        .waitFor()
      expect(await findings(page)).toEqual([])
      await page.keyboard.press('ArrowLeft')
      await page
        .getByText(/Sample: /)
        .filter({ visible: true })
        .first()
        .waitFor()
      // The reveal rises in; axe must not measure contrast in the middle of it.
      await page.waitForTimeout(500)
      expect(await findings(page)).toEqual([])
    })

    test('on the leaderboard', async () => {
      const voter = await sample.join()
      await voter.vote(await voter.start(), 'a')
      const { page } = await openPage(browser, options)
      await page.goto(`${sample.url}/leaderboard`)
      await page
        .getByText(/Sample: /)
        .filter({ visible: true })
        .first()
        .waitFor()
      expect(await findings(page)).toEqual([])
    })

    test('on the empty page and while answers are written', async () => {
      const { page } = await openPage(browser, options)
      await page.goto(live.url)
      await page.getByRole('textbox').fill('How do you do?')
      expect(await findings(page)).toEqual([])
      await page.keyboard.press('Enter')
      await page
        .getByText(/Word after word/)
        .or(page.getByText(/Another answer/))
        .filter({ visible: true })
        .first()
        .waitFor()
      expect(await findings(page)).toEqual([])
    })
  })
})
