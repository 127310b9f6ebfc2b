import { describe, expect, test } from 'vitest'
import { vetLink, webHost } from '../../web/markdown/answer-link.ts'
import { isInvisible, toVisiblePieces } from '../../web/markdown/visible-text.ts'

const own = 'http://ringside.test:3000'
const shown = (text: string, kind: 'prose' | 'code' = 'prose') =>
  toVisiblePieces(text, kind)
    .map((piece) => (typeof piece === 'string' ? piece : `[${piece.sign}×${piece.count}]`))
    .join('')

describe('links of an answer', () => {
  test.each([
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    ' javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://x.example/1',
    '//x.example/a',
    '\\\\x.example\\a',
    '/api/v1/session',
    '?vote=a',
    '#main',
    'page.html',
    `${own}/leaderboard`,
    'https://good.example@evil.example/',
    'https://user:word@evil.example/',
    'https://',
    '',
  ])('%j cannot be opened', (href) => {
    expect(vetLink(href, 'text', own)).toBeUndefined()
  })

  test.each([
    ['https://a.example/x', 'the docs', null],
    ['https://a.example/x', 'https://a.example/x', null],
    ['https://a.example/x', 'a.example', null],
    ['https://www.a.example/x', 'a.example', null],
    ['https://a.example/x', 'version 3.14 of 10.5.2024', null],
    ['https://evil.example/x', 'https://bank.example/x', 'evil.example'],
    ['https://evil.example/bank.example', 'bank.example', 'evil.example'],
    ['https://evil.example:8443/', 'see bank.example', 'evil.example:8443'],
    ['https://bank.example.evil.example/', 'bank.example', 'bank.example.evil.example'],
    ['https://evil.example/', 'bank。example', 'evil.example'],
    ['https://аррӏе.example/', 'аррӏе', 'xn--80ak6aa92e.example'],
    ['mailto:a@b.example', 'write to us', 'a@b.example'],
    ['mailto:a@b.example', 'a@b.example', null],
  ])('%s behind "%s" shows %s', (href, text, host) => {
    expect(vetLink(href, text, own)?.shownHost).toBe(host)
  })

  test('a picture names its host only where it has one', () => {
    expect(webHost('https://img.example/p.png')).toBe('img.example')
    expect(webHost('data:image/png;base64,AA')).toBeNull()
    expect(webHost('p.png')).toBeNull()
  })
})

describe('text that would hide something', () => {
  test.each([
    ['an override', 'a\u202Eb', 'a[U+202E×1]b'],
    ['isolates', 'a\u2066\u2066b\u2069', 'a[U+2066×2]b[U+2069×1]'],
    ['blanks without width', 'pass\u200Bword\u2060\uFEFF', 'pass[U+200B×1]word[U+2060×1][U+FEFF×1]'],
    ['tag characters', `x${String.fromCodePoint(0xe0068, 0xe0069)}`, 'x[U+E0068×1][U+E0069×1]'],
    ['a joiner between our letters', 'pay\u200Dpal', 'pay[U+200D×1]pal'],
    ['controls', 'a\0\x1B[31m\u2028', 'a[U+0000×1][U+001B×1][31m[U+2028×1]'],
    ['half a character', 'a\uD800b', 'a[U+D800×1]b'],
    ['a flood of marks', `z${'\u0301'.repeat(20)}`, `z${'\u0301'.repeat(6)}[+14×1]`],
    ['selectors in a row', 'x\uFE0F\uFE01\uFE02', 'x\uFE0F[U+FE01×1][U+FE02×1]'],
  ])('%s is named', (_, text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  test.each([
    'Plain words, “quotes” — and € 5.',
    'Ёлка и йод, ё и й',
    'tiếng Việt, e\u0301 with a mark',
    '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 👍🏽 🇩🇪',
    'می‌خواهم क्‍ष',
    'שָׁלוֹם and العَرَبِيَّة',
    'soft\u00ADhyphen',
    'a\u200E b',
  ])('%s stays as it is in prose', (text) => {
    expect(shown(text)).toBe(text)
  })

  test('code shows every character that hides', () => {
    expect(shown('a\u200Eb\u00ADc', 'code')).toBe('a[U+200E×1]b[U+00AD×1]c')
    expect(shown('if (x) {\n\treturn "é"\n}', 'code')).toBe('if (x) {\n\treturn "é"\n}')
  })

  test('a flood of signs becomes dots', () => {
    const pieces = toVisiblePieces('a\u200B'.repeat(500), 'prose')
    expect(pieces.filter((piece) => typeof piece !== 'string')).toHaveLength(40)
    expect(pieces.at(-1)).toContain('a·a·a·')
  })

  test('an endless chain of joined emoji is broken', () => {
    const pieces = toVisiblePieces('👩\u200D'.repeat(400), 'prose')
    expect(typeof pieces[0] === 'string' && pieces[0].length).toBeLessThan(60)
  })

  test('an answer without a shape is known as one', () => {
    expect(isInvisible(' \n\u200B\u2060\u3164\u2800\u00A0\u202E')).toBe(true)
    expect(isInvisible('.')).toBe(false)
    expect(isInvisible('漢')).toBe(false)
    expect(isInvisible('😀')).toBe(false)
  })
})
