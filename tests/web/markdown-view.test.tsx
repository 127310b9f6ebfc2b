import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chooseLanguage } from '../../web/i18n/language.ts'
import { MarkdownView } from '../../web/markdown/markdown-view.tsx'

let root: HTMLElement

beforeEach(() => {
  root = document.createElement('div')
  document.body.append(root)
})

afterEach(() => {
  void act(() => render(null, root))
  root.remove()
  chooseLanguage('en')
})

async function show(text: string, streaming = false): Promise<void> {
  await act(() => render(<MarkdownView text={text} streaming={streaming} />, root))
}

const find = (selector: string): HTMLElement => {
  const found = root.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`nothing is ${selector} in ${root.innerHTML}`)
  return found
}

test('finished blocks keep their elements while the answer grows', async () => {
  await show('# Title\n\nFirst **words**.\n\n- item\n\nSecond', true)
  const [title, first, list] = [find('h3'), find('p'), find('ul')]
  await show('# Title\n\nFirst **words**.\n\n- item\n\nSecond paragraph grows.\n\nThird comes.', true)
  expect([find('h3'), find('p'), find('ul')]).toEqual([title, first, list])
  expect(find('h3')).toBe(title)
  expect(find('ul')).toBe(list)
  expect(root.textContent).toContain('Third comes.')
})

test('the paragraph that grows keeps what is already in it', async () => {
  await show('With **bold** and', true)
  const bold = find('strong')
  await show('With **bold** and more', true)
  expect(find('strong')).toBe(bold)
})

test('headings stand below the heading of the answer', async () => {
  await show('# One\n\n## Two\n\n###### Six')
  expect([...root.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(({ localName }) => localName)).toEqual(['h3', 'h4', 'h6'])
})

test('tasks are drawn and cannot be filled in', async () => {
  await show('- [x] read\n- [ ] judge')
  expect(root.querySelector('input')).toBeNull()
  expect([...root.querySelectorAll('.box')].map((box) => box.getAttribute('aria-label'))).toEqual(['done', 'not done'])
})

test('a picture is named with its host and never an element that loads', async () => {
  await show('![a map](https://img.example/m.png) and ![inner](data:image/png;base64,AA)')
  expect(root.querySelector('img')).toBeNull()
  expect(find('a').getAttribute('href')).toBe('https://img.example/m.png')
  expect(root.textContent).toBe('image: a map (img.example) and image: inner')
})

test('a link opens apart and tells nobody where its reader comes from', async () => {
  await show('[docs](https://docs.example/a)')
  expect(find('a').getAttribute('rel')).toBe('noopener noreferrer nofollow')
  expect(find('a').getAttribute('target')).toBe('_blank')
})

test('a link that may not be opened is shown as it was written', async () => {
  await show('[press](javascript:alert(1))')
  expect(root.querySelector('a')).toBeNull()
  expect(root.textContent).toBe('[press](javascript:alert(1))')
})

test('code can be copied as it was written, hidden characters and all', async () => {
  const copied: string[] = []
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: { writeText: (text: string) => (copied.push(text), Promise.resolve()) },
  })
  await show('```sh\necho a\u200Bb\n```')
  expect(find('pre').textContent).toBe('echo aU+200Bb')
  await act(async () => find('.code button').click())
  expect(copied).toEqual(['echo a\u200Bb'])
  await expect.poll(() => find('[role=status]').textContent).toBe('Copied')
})

test('a refusal to copy is said', async () => {
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: { writeText: () => Promise.reject(new Error('not allowed')) },
  })
  await show('```\nx\n```')
  await act(async () => find('.code button').click())
  await expect.poll(() => find('[role=status]').textContent).toBe('The browser does not allow copying')
})

test('code of a language that nobody knows keeps its label', async () => {
  await show('```brainstorm-9\nx\n```\n\n```py\ny\n```')
  expect([...root.querySelectorAll('.code-head > span:first-child')].map((label) => label.textContent)).toEqual([
    'brainstorm-9',
    'Python',
  ])
})

test('a long block of code is shown by portions', async () => {
  const text = Array.from({ length: 6_000 }, (_, line) => `line ${line}`).join('\n')
  await show(`\`\`\`\n${text.slice(0, 5_000)}`, true)
  expect(root.querySelector('.rest')).toBeNull()
  await show(`\`\`\`\n${text}\n\`\`\``)
  await expect.poll(() => root.querySelector('.rest')?.textContent).toMatch(/^Show the rest \([\d,]+ characters\)$/)
  const before = find('pre').textContent.length
  await act(async () => find('.rest').click())
  expect(find('pre').textContent.length).toBeGreaterThan(before)
})

test('a footnote leads to its text and back', async () => {
  await show('Said so.[^1]\n\n[^1]: By somebody.')
  const reference = find('.note-ref button')
  expect(reference.getAttribute('aria-label')).toBe('Footnote 1')
  await act(async () => reference.click())
  expect(document.activeElement).toBe(find('.notes li'))
  await act(async () => find('.notes .back').click())
  expect(document.activeElement).toBe(reference)
})

test('a mention without a footnote is the text that it is', async () => {
  await show('An array a[^1] of things')
  expect(root.textContent).toBe('An array a[^1] of things')
})

test('footnotes of two answers do not share their ids', async () => {
  const answer = 'x[^1]\n\n[^1]: y'
  await act(() =>
    render(
      <>
        <MarkdownView text={answer} />
        <MarkdownView text={answer} />
      </>,
      root,
    ),
  )
  const ids = [...root.querySelectorAll('[id]')].map(({ id }) => id)
  expect(ids).toHaveLength(4)
  expect(new Set(ids).size).toBe(4)
})

test('an answer without anything to read says so in the language of the page', async () => {
  await show(' \u200B\n')
  expect(find('.none').textContent).toBe('This answer is empty.')
  await act(() => chooseLanguage('ru'))
  expect(find('.none').textContent).toBe('Этот ответ пуст.')
})

test('an answer that has only begun is not called empty', async () => {
  await show('', true)
  expect(root.querySelector('.none')).toBeNull()
})

test('hidden characters have a name that can be read', async () => {
  await show('pass\u200Bword')
  expect(find('.sign').getAttribute('title')).toBe('hidden character U+200B')
  await act(() => chooseLanguage('ru'))
  expect(find('.sign').getAttribute('title')).toBe('скрытый знак U+200B')
})

test('a long answer is read in steps and comes to its end', async () => {
  const text = `${'A paragraph of words.\n\n'.repeat(2_500)}The end.`
  await show(text)
  expect(find('.md').getAttribute('aria-busy')).toBe('true')
  await expect.poll(() => find('.md').getAttribute('aria-busy')).toBe('false')
  expect(find('.rest').textContent).toMatch(/^Show the rest \(501 more parts\)$/)
  await act(async () => find('.rest').click())
  expect(root.textContent.endsWith('The end.')).toBe(true)
})
