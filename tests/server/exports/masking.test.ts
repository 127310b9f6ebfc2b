import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mask, MASKED_KINDS, type MaskedCounts, type MaskedKind } from '../../../server/exports/masking/mask.ts'
import { anyText } from './arbitrary-battles.ts'
import { aBattle, aTurn } from './battle-makers.ts'
import { exportRows } from './export-harness.ts'
import { MASKING_CORPUS } from './masking-corpus.ts'
import { MASKING_HELD_OUT } from './masking-held-out.ts'

const MARKED = /⟦([A-Z]+):([\s\S]*?)⟧/g
const MASKED = /\[(EMAIL|PHONE|CARD|IP|KEY)\]/g

interface Found {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** What is marked in a text, and the text without marks. */
function readMarks(marked: string): { plain: string; spans: Found[] } {
  const spans: Found[] = []
  let plain = ''
  let done = 0
  for (const match of marked.matchAll(MARKED)) {
    plain += marked.slice(done, match.index)
    const text = match[2] ?? ''
    spans.push({ kind: match[1] ?? '', start: plain.length, end: plain.length + text.length })
    plain += text
    done = match.index + match[0].length
  }
  return { plain: plain + marked.slice(done), spans }
}

/** Where a text was masked: what is left between the replacements says what each stands for. */
function findSpans(plain: string): Found[] {
  const masked = mask(plain)
  const kinds = [...masked.matchAll(MASKED)].map(([, kind]) => kind ?? '')
  const between = masked.split(/\[(?:EMAIL|PHONE|CARD|IP|KEY)\]/)
  const shape = between.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('([\\s\\S]+?)')
  const found = new RegExp(`^${shape}$`, 'd').exec(plain)
  return kinds.map((kind, index) => {
    const [start = 0, end = 0] = found?.indices?.[index + 1] ?? []
    return { kind, start, end }
  })
}

function measure(texts: readonly string[]) {
  const wrong: string[] = []
  const counts = new Map(MASKED_KINDS.map((kind) => [kind.toUpperCase(), { wanted: 0, masked: 0, right: 0 }]))
  const count = (kind: string, field: 'wanted' | 'masked' | 'right') => {
    const found = counts.get(kind)
    if (found) found[field] += 1
  }
  for (const text of texts) {
    const { plain, spans } = readMarks(text)
    const found = findSpans(plain)
    const isSame = (one: Found) => (other: Found) =>
      one.kind === other.kind && one.start === other.start && one.end === other.end
    for (const span of spans) count(span.kind, 'wanted')
    for (const span of found) count(span.kind, 'masked')
    for (const span of spans) if (found.some(isSame(span))) count(span.kind, 'right')
    if (JSON.stringify(found) !== JSON.stringify(spans)) wrong.push(`${plain}\n  → ${mask(plain)}`)
  }
  const lines = [...counts].map(([kind, { wanted, masked, right }]) => ({
    kind: kind.toLowerCase(),
    wanted,
    recall: right / wanted,
    precision: right / masked,
  }))
  return { lines, wrong }
}

function toTable(lines: ReturnType<typeof measure>['lines']): string[] {
  return lines.map(
    ({ kind, wanted, recall, precision }) => `| ${kind} | ${wanted} | ${recall.toFixed(2)} | ${precision.toFixed(2)} |`,
  )
}

const guide = readFileSync(new URL('../../../docs/export.md', import.meta.url), 'utf8')

describe('masking on labelled sets in English and Russian', () => {
  test('what is marked in the first set is masked exactly, and nothing else', () => {
    const { lines, wrong } = measure(MASKING_CORPUS)
    process.stdout.write(`first set, ${MASKING_CORPUS.length} texts\n${toTable(lines).join('\n')}\n`)
    expect(wrong).toEqual([])
    for (const { wanted } of lines) expect(wanted).toBeGreaterThanOrEqual(8)
    expect(MASKING_CORPUS.filter((text) => !text.includes('⟦')).length).toBeGreaterThan(50)
  })

  test('the guide says how the rules do on the second set, which they were not made for', () => {
    const { lines, wrong } = measure(MASKING_HELD_OUT)
    process.stdout.write(
      `second set, ${MASKING_HELD_OUT.length} texts\n${toTable(lines).join('\n')}\n${wrong.join('\n')}\n`,
    )
    for (const line of toTable(lines)) expect(guide).toContain(line)
  })
})

describe('masking', () => {
  const snippet = fc.constantFrom(
    'a@example.org',
    '+7 912 345-67-89',
    '8 800 555 35 35',
    '4111 1111 1111 1111',
    '203.0.113.5',
    '2001:db8::1',
    'sk-proj-Zx9Kq2Lm4Np6Rs8Tv0Wy1',
    'api_key=',
    'phone ',
    'тел. ',
    '@',
    '+',
    '-',
    '.',
    ':',
    ' ',
    '(',
    ')',
    '1',
    '22',
    '333',
    '4444',
    'a',
    'я',
    '[EMAIL]',
    '[CARD]',
    '\n',
  )

  test('a masked text is masked to itself', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(snippet, anyText), { maxLength: 14 }), (parts) => {
        const once = mask(parts.join(''))
        const counts: MaskedCounts = {}
        expect(mask(once, counts)).toBe(once)
        expect(counts).toEqual({})
      }),
      { numRuns: 3000 },
    )
  })

  test('what a rule would find is found whatever stands around it at a distance', () => {
    const kinds: readonly [MaskedKind, string][] = [
      ['email', 'a@example.org'],
      ['phone', '+7 912 345-67-89'],
      ['card', '4111 1111 1111 1111'],
      ['ip', '203.0.113.5'],
      ['key', 'ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'],
    ]
    fc.assert(
      fc.property(fc.constantFrom(...kinds), anyText, anyText, ([kind, secret], before, after) => {
        expect(mask(`${before}\n«${secret}»\n${after}`)).toContain(`«[${kind.toUpperCase()}]»`)
      }),
      { numRuns: 1000 },
    )
  })

  test('every replacement is counted by its kind, each text of a battle once', async () => {
    const battle = aBattle({
      turns: [aTurn('Mail a@example.org or b@example.org', 'Call +7 912 345-67-89', 'From 203.0.113.5')],
    })
    for (const format of ['dpo', 'kto', 'reward', 'votes', 'battles', 'rank'] as const) {
      const { rows, summary } = await exportRows(format, [battle])
      expect(summary.masked).toEqual({ email: 2, phone: 1, ip: 1 })
      expect(JSON.stringify(rows)).not.toMatch(/example\.org|345-67|203\.0/)
      const plain = await exportRows(format, [battle], { maskPii: false })
      expect(plain.summary.masked).toEqual({})
      expect(JSON.stringify(plain.rows)).toContain('a@example.org')
    }
  })

  test('answers that differ in a masked detail alone are the same in the file, so they are no pair', async () => {
    const battle = aBattle({ turns: [aTurn('Your mail?', 'It is a@example.org', 'It is b@example.org')] })
    expect((await exportRows('dpo', [battle])).summary.by_reason).toEqual({ same_text: 1 })
    expect((await exportRows('dpo', [battle], { maskPii: false })).summary.kept).toBe(1)
  })

  test.each([
    ['letters', 'a'.repeat(1_000_000)],
    ['digits', '1'.repeat(1_000_000)],
    ['digits and spaces', '1 '.repeat(500_000)],
    ['ats', 'a@'.repeat(500_000)],
    ['dots', 'a.'.repeat(500_000)],
    ['colons', 'a:'.repeat(500_000)],
    ['plus signs', '+1'.repeat(500_000)],
    ['dashes', '-----BEGIN '.repeat(90_000)],
    ['keys that never end', 'sk-'.repeat(300_000)],
    ['names of secrets', 'token '.repeat(160_000)],
    ['names of telephones', 'phone '.repeat(160_000)],
  ])(
    'a megabyte of %s is looked through in linear time',
    (_name, text) => {
      expect(mask(text).length).toBeGreaterThan(0)
    },
    20_000,
  )
})
