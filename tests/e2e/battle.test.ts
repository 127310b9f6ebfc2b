import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { noBrowser, openBrowser, openPage } from '../support/browser.ts'
import { startScriptedEndpoint, type ScriptedEndpoint } from '../support/scripted-endpoint.ts'
import { testArena, type TestArena } from '../support/test-arena.ts'

const FIRST =
  '**Twelve** months make a year.\n\n| month | days |\n| --- | ---: |\n| January | 31 |\n\n```python\nprint(12)\n```\n\nSo $n = 12$.'
const SECOND = 'There are twelve of them. ' + 'Each has a name of its own. '.repeat(8)

describe.skipIf(noBrowser)(`a battle in a real browser${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  let browser: Browser
  let endpoint: ScriptedEndpoint
  let arena: TestArena

  beforeAll(async () => {
    browser = await openBrowser()
    endpoint = await startScriptedEndpoint({
      models: {
        'up-one': { text: FIRST, tokensPerSecond: 120 },
        'up-two': { text: SECOND, tokensPerSecond: 90, firstTokenMs: 100 },
      },
    })
    arena = await testArena({
      models: [
        { name: 'Nightjar Large', baseUrl: endpoint.baseUrl, model: 'up-one', organization: 'Larch Lab' },
        { name: 'Great Bustard', baseUrl: endpoint.baseUrl, model: 'up-two', organization: 'Moor Institute' },
      ],
    })
  })
  afterAll(async () => {
    await browser.close()
    await arena.close()
    await endpoint.close()
  })

  test('is asked, read, judged and undone by keyboard alone, and the leaderboard moves without a reload', async () => {
    const reader = await openPage(browser)
    await reader.page.goto(`${arena.url}/leaderboard`)
    await reader.page
      .getByText(/no votes/i)
      .first()
      .waitFor()

    const { page, complaints } = await openPage(browser)
    await page.goto(arena.url)
    await page.getByRole('textbox').waitFor()
    await page.keyboard.type('How many months has a year?')
    await page.keyboard.press('Enter')
    await page
      .getByRole('button', { name: /A is better/ })
      .and(page.locator(':not([aria-disabled="true"])'))
      .waitFor()
    const body = page.locator('body')
    const before = await body.innerText()
    expect(before).toContain('How many months has a year?')
    expect(before).toContain('Each has a name of its own.')
    expect(await page.content()).not.toMatch(/Nightjar|Bustard|Larch|Moor Institute|up-one|up-two/)
    await page.locator('.katex').first().waitFor()
    expect(await page.locator('table').count()).toBe(1)

    await page.keyboard.press('ArrowLeft')
    await page.getByText('Nightjar Large').first().waitFor()
    await page.getByText('Great Bustard').first().waitFor()
    const outcome = (await arena.store.readVoteLog(null, 10)).entries.at(-1)
    expect(outcome).toMatchObject({ kind: 'vote', outcome: 'a' })
    await reader.page.getByText('Nightjar Large').first().waitFor()

    await page.keyboard.press('z')
    await reader.page
      .getByText(/no votes/i)
      .first()
      .waitFor()
    expect((await arena.store.readVoteLog(null, 10)).entries.map(({ kind }) => kind)).toEqual(['vote', 'withdrawal'])
    expect(complaints).toEqual([])
    expect(reader.complaints).toEqual([])
  })

  test('speaks Russian to a Russian browser', async () => {
    const { page } = await openPage(browser, { locale: 'ru-RU' })
    await page.goto(arena.url)
    await page.getByText('Один вопрос. Два ответа. Какой лучше?').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('ru')
    await page.getByRole('textbox').fill('Сколько месяцев в году?')
    await page.keyboard.press('Enter')
    await page.getByText('Какой ответ лучше?').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.getByText('Great Bustard').first().waitFor()
  })

  test('goes on after a reload where it was', async () => {
    const { page, complaints } = await openPage(browser)
    await page.goto(arena.url)
    await page.getByRole('textbox').fill('And once more?')
    await page.keyboard.press('Enter')
    await page.getByText('There are twelve').first().waitFor()
    await page.reload()
    await page.getByText('Which answer is better?').waitFor()
    expect(await page.locator('body').innerText()).toContain('And once more?')
    expect(endpoint.requests.filter(({ body }) => body.includes('And once more?'))).toHaveLength(2)
    expect(complaints).toEqual([])
  })
})

describe.skipIf(noBrowser)('the sample arena in a real browser', () => {
  let browser: Browser
  let arena: TestArena
  beforeAll(async () => {
    browser = await openBrowser()
    arena = await testArena({ settings: { SAMPLE_ARENA: 'auto' } })
  })
  afterAll(async () => {
    await browser.close()
    await arena.close()
  })

  test.each([
    ['en-US', 1440, 'Which answer is better?'],
    ['ru-RU', 390, 'Какой ответ лучше?'],
  ])('opens with a pair ready to be judged (%s, %i px), and the next one follows', async (locale, width, question) => {
    const { page, complaints } = await openPage(browser, { locale, viewport: { width, height: 844 } })
    await page.goto(arena.url)
    await page.getByText(question).waitFor()
    const first = await page.locator('body').innerText()
    await page.keyboard.press('ArrowRight')
    await page
      .getByText(/Sample: /)
      .filter({ visible: true })
      .first()
      .waitFor()
    await page.keyboard.press('Enter')
    await page.getByText(question).waitFor()
    expect(await page.locator('body').innerText()).not.toBe(first)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    expect(complaints).toEqual([])
  })
})
