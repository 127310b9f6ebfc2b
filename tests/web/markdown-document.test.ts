import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AnswerDocument, EMPTY_DOCUMENT, orderNotes, readAnswer } from '../../web/markdown/answer-document.ts'
import { plainTextOf } from '../../web/markdown/markdown-parser.ts'
import type { Block, Inline } from '../../web/markdown/markdown-tree.ts'

const ownOrigin = 'http://ringside.test'
const whole = (text: string) => readAnswer(EMPTY_DOCUMENT, text, { growing: false, ownOrigin })
const growing = (text: string, before: AnswerDocument = EMPTY_DOCUMENT) =>
  readAnswer(before, text, { growing: true, ownOrigin })
const blocksOf = (document: AnswerDocument) => document.blocks.map(({ block }) => block)

function only<K extends Block['kind']>(text: string, kind: K): Extract<Block, { kind: K }> {
  const [block, ...others] = blocksOf(whole(text))
  expect(others).toEqual([])
  if (block?.kind !== kind) throw new Error(`expected ${kind}, got ${JSON.stringify(block)}`)
  return block as Extract<Block, { kind: K }>
}

function inlines(text: string): readonly Inline[] {
  return only(text, 'paragraph').children
}

const formulas = (text: string) => inlines(text).flatMap((inline) => (inline.kind === 'math' ? [inline.tex] : []))

describe('what an answer can be made of', () => {
  test('a table has its columns aligned and its cells read as text', () => {
    const table = only('| a | b | c |\n|:--|:-:|--:|\n| 1 | **2** | 3 |', 'table')
    expect(table.align).toEqual(['left', 'center', 'right'])
    expect(table.rows[0]?.[1]).toEqual([{ kind: 'strong', children: [{ kind: 'text', text: '2' }] }])
  })

  test('rows beyond the first hundred are held back as they were written', () => {
    const rows = Array.from({ length: 130 }, (_, row) => `| r${row} | ${row} |`)
    const table = only(`| a | b |\n|---|---|\n${rows.join('\n')}`, 'table')
    expect(table.rows).toHaveLength(100)
    expect(table.rest.split('\n')).toEqual(rows.slice(100))
  })

  test('a task list says what is done', () => {
    const list = only('- [x] read\n- [ ] judge\n- rest', 'list')
    expect(list.items.map(({ done }) => done)).toEqual([true, false, null])
    expect(list.items[0]?.blocks).toEqual([{ kind: 'line', children: [{ kind: 'text', text: 'read' }] }])
  })

  test('an ordered list begins where its author began', () => {
    expect(only('7. seven\n8. eight', 'list').start).toBe(7)
  })

  test('code knows its language and whether its end has been written', () => {
    expect(only('```ts twoslash\nconst a = 1\n```', 'code')).toMatchObject({
      language: 'ts',
      text: 'const a = 1',
      closed: true,
    })
    expect(only('~~~\n```\n', 'code')).toMatchObject({ text: '```', closed: false })
    expect(only('    four spaces', 'code')).toMatchObject({ language: '', text: 'four spaces', closed: true })
  })

  test('what looks like a tag is text, except a line break', () => {
    expect(inlines('<b>x</b> a<br>b <!-- c -->')).toEqual([
      { kind: 'text', text: '<b>x</b> a' },
      { kind: 'break' },
      { kind: 'text', text: 'b <!-- c -->' },
    ])
    expect(only('<div>\n<script>alert(1)</script>\n</div>', 'paragraph').children).toEqual([
      { kind: 'text', text: '<div>\n<script>alert(1)</script>\n</div>' },
    ])
  })

  test('character references are decoded once', () => {
    expect(plainTextOf(inlines('&lt;b&gt; &amp;lt; &#x1F600; &#0; &unknown; &copy;'))).toBe(
      '<b> &lt; 😀 \uFFFD &unknown; ©',
    )
  })

  test('one tilde is an approximation, two delete', () => {
    expect(inlines('~20 and ~30')).toEqual([{ kind: 'text', text: '~20 and ~30' }])
    expect(inlines('~~gone~~')).toEqual([{ kind: 'del', children: [{ kind: 'text', text: 'gone' }] }])
  })

  test('emphasis does not reach into names and products', () => {
    expect(inlines('snake_case_name and 2*3*4')).toMatchObject([{ kind: 'text' }, { kind: 'em' }, { kind: 'text' }])
    expect(inlines('snake_case_name')).toEqual([{ kind: 'text', text: 'snake_case_name' }])
  })
})

describe('money and maths', () => {
  test.each([
    'It costs $5 and $10.',
    'from $5-$10 each',
    'between $1,000 and 2,000$ a year',
    '$HOME/$USER and $PATH:$HOME',
    '$5 for the book and the pen at 3$',
    'a $ b $ c',
    'US$5 and US$6',
    'price: \\$5 and \\$6',
    '`$x$` in code',
  ])('%s is no maths', (text) => {
    expect(formulas(text)).toEqual([])
  })

  test.each([
    ['Let $x$ be', ['x']],
    ['$E = mc^2$, $a_1$ and $\\frac{1}{2}$', ['E = mc^2', 'a_1', '\\frac{1}{2}']],
    ['the $n$th and the $k$-th', ['n', 'k']],
    ['costs $5, where $x > 3$', ['x > 3']],
    ['\\(a*b\\) and *emphasis* and \\(c*d\\)', ['a*b', 'c*d']],
    ['$2 + 2$ is $4$', ['2 + 2', '4']],
    ['$\\text{if it rains}$', ['\\text{if it rains}']],
    ['inline $$x + y$$ display', ['x + y']],
    ['$a \\$ b$', ['a \\$ b']],
  ])('%s is', (text, tex) => {
    expect(formulas(text)).toEqual(tex)
  })

  test('a formula on lines of its own is a block, also right below a paragraph', () => {
    expect(only('$$\nx^2 * y\n$$', 'math').tex).toBe('x^2 * y')
    expect(only('\\[\nx\n\\]', 'math').tex).toBe('x')
    expect(blocksOf(whole('Then:\n$$\nx\n$$\nso')).map(({ kind }) => kind)).toEqual(['paragraph', 'math', 'paragraph'])
  })

  test('a formula that is being written is shown as its source, and one that never ends as text', () => {
    expect(blocksOf(growing('$$\n\\frac{a_1'))).toEqual([{ kind: 'plain', text: '$$\n\\frac{a_1' }])
    expect(only('$$\nx_1 and y_1', 'paragraph').children).toEqual([{ kind: 'text', text: '$$\nx_1 and y_1' }])
  })
})

describe('footnotes', () => {
  test('are ordered by their first mention, the unmentioned last', () => {
    const document = whole('One[^b], two[^a].\n\n[^a]: first\n[^c]: never\n[^b]: second\n    with more')
    expect(orderNotes(document).map(({ label }) => label)).toEqual(['b', 'a', 'c'])
    expect(orderNotes(document)[0]?.blocks).toEqual([
      { kind: 'paragraph', children: [{ kind: 'text', text: 'second\nwith more' }] },
    ])
  })

  test('a label that is defined twice keeps its first text', () => {
    expect(whole('[^1]: one\n[^1]: other').notes.map(({ blocks }) => JSON.stringify(blocks))).toEqual([
      expect.stringContaining('one'),
    ])
  })
})

describe('an answer that is being written', () => {
  test.each([
    ['**bold', 'strong'],
    ['some *emphas', 'em'],
    ['a ~~dele', 'del'],
    ['run `npm st', 'code'],
  ])('%s is completed', (text, kind) => {
    expect(blocksOf(growing(text))[0]).toMatchObject({
      children: expect.arrayContaining([expect.objectContaining({ kind })]),
    })
  })

  test('a link is its text until its target is whole', () => {
    expect(blocksOf(growing('see [the docs](https://docs.exam'))).toEqual([
      { kind: 'paragraph', children: [{ kind: 'text', text: 'see the docs' }] },
    ])
  })

  test('a table is one from its head on', () => {
    expect(blocksOf(growing('| a | b |\n'))).toMatchObject([{ kind: 'table' }])
    expect(blocksOf(growing('| a | b |\n|--'))).toMatchObject([{ kind: 'table' }])
  })

  test.each(['text\n-', 'text\n=', 'text\n``', 'text\n1.', 'text\n#', 'text ![alt](https://x', 'text ![al'])(
    'marks that are undecided are left out of %j',
    (text) => {
      const [block] = blocksOf(growing(text))
      expect(block?.kind).toBe('paragraph')
      expect(block?.kind === 'paragraph' && plainTextOf(block.children).trim()).toBe('text')
    },
  )

  test('finished blocks are the same objects whatever follows them', () => {
    const text = '# Title\n\nFirst paragraph.\n\n- a\n- b\n\n```js\nx\n```\n\nSecond paragraph is longer.\n\nThird.'
    let before = EMPTY_DOCUMENT
    const seen = new Map<number, Block>()
    for (let length = 1; length <= text.length; length += 1) {
      before = growing(text.slice(0, length), before)
      for (const [index, { block }] of before.settled.blocks.entries()) {
        expect(seen.get(index) ?? block).toBe(block)
        seen.set(index, block)
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(4)
  })

  test('a text that is no longer the beginning of the new one is read from its start', () => {
    const before = growing('# One\n\ntwo\n\nthree\n\nfour')
    expect(blocksOf(growing('other', before))).toEqual([
      { kind: 'paragraph', children: [{ kind: 'text', text: 'other' }] },
    ])
  })

  test('a target that is defined at the end makes links of the references before it', () => {
    const text = 'See [here][x].\n\nAnd more.\n\nAnd more.\n\n[x]: https://one.example\n[x]: https://two.example'
    let document = EMPTY_DOCUMENT
    for (let length = 1; length < text.length; length += 1) document = growing(text.slice(0, length), document)
    document = readAnswer(document, text, { growing: false, ownOrigin })
    expect(blocksOf(document)[0]).toMatchObject({
      children: [{ text: 'See ' }, { kind: 'link', href: 'https://one.example/' }, { text: '.' }],
    })
  })
})

describe('any answer, cut anywhere', () => {
  const piece = fc.constantFrom(
    'A paragraph with **bold**, *em*, `code` and $x_1$.',
    'Two lines\nof one paragraph.  \nAnd a third.',
    '## A heading',
    '- one\n- two\n  - nested\n- three',
    '1. first\n\n   more\n2. second',
    '- [ ] open\n- [x] done',
    '> quoted\n> > twice\nlazy',
    '```python\nprint("**no**")\n\n# comment\n```',
    '| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 | 4 |',
    '$$\n\\sum_i x_i\n$$',
    '---',
    'Words[^n] and [a link](https://x.example/a_b) and [ref][r].',
    '[^n]: A note.',
    '[r]: https://r.example',
    '<div class="x">\nraw\n</div>',
    'Русский текст, 漢字, עברית, 👩‍👩‍👧.',
    '    indented code',
    '***',
  )
  const answers = fc.array(piece, { minLength: 1, maxLength: 9 }).map((pieces) => pieces.join('\n\n'))

  test('is in the end what it would have been at once', () => {
    fc.assert(
      fc.property(answers, fc.array(fc.nat(600), { maxLength: 12 }), (text, cuts) => {
        let document = EMPTY_DOCUMENT
        for (const cut of [...cuts].sort((a, b) => a - b)) document = growing(text.slice(0, cut), document)
        document = readAnswer(document, text, { growing: false, ownOrigin })
        expect(blocksOf(document)).toEqual(blocksOf(whole(text)))
        expect(document.notes).toEqual(whole(text).notes)
      }),
      { numRuns: 400 },
    )
  })

  test('is read without an error, whatever characters it is made of', () => {
    const signs = fc.constantFrom(...'#*_`~[]()!<>|-+=:$\\&;{}^"\' \t\n\r\n\nab1.0\u200B\u202E\uD83D\0'.split(''))
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 400 }), fc.nat(400), (parts, cut) => {
        const text = parts.join('')
        const document = readAnswer(growing(text.slice(0, cut)), text, { growing: false, ownOrigin })
        expect(document.text.length).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 1_000 },
    )
  })
})
