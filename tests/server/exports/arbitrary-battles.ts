import fc from 'fast-check'
import { OUTCOMES } from '../../../contract/outcome.ts'
import { aBattle, aTurn, aVote } from './battle-makers.ts'
import type { RememberedBattle } from './memory-source.ts'

/** Texts that break writers: other scripts, emoji, right to left, controls, quotes, line ends of all kinds, formulas. */
export const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', '\uFFFD')) },
  fc.constantFrom(
    'Столица Франции — Париж.',
    '北京是中国的首都。',
    'שלום עולם ‏(RTL)‏ مرحبا',
    '👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301',
    'line\nline\r\nline\u2028line\u2029end',
    '"quoted", \\back\\slash\\, \t tab',
    '=HYPERLINK("x")',
    '+1',
    '-1',
    '@SUM(A1)',
    '＝1',
    "'already",
    '\ttab first',
    '\uFEFFmark',
    '{"json": [1, null]}',
    '\u0001\u001f\u007f\u0085',
    '__proto__',
    'Same answer.',
  ),
)

const anyTurn = fc.record({ prompt: anyText, a: anyText, b: anyText }).map(({ prompt, a, b }) => aTurn(prompt, a, b))
const anyName = fc.constantFrom('owl', 'fox', 'elk/7b', 'мишка', '=ram', 'a "b", c')

const anyVotes = (turns: number) =>
  fc.array(
    fc
      .record({
        outcome: fc.constantFrom(...OUTCOMES),
        turn: fc.integer({ min: 1, max: turns }),
        strength: fc.constantFrom(null, 1, 2),
        isBlind: fc.boolean(),
        isLeaked: fc.constantFrom(false, false, false, true),
        excluded: fc.constantFrom(null, null, 'unrated', 'operator'),
        judge: fc.option(anyText),
        at: fc.integer({ min: 0, max: 4e12 }),
      })
      .map(aVote),
    { minLength: 1, maxLength: 4 },
  )

/** A battle of any kind that a store can hold. */
export const anyBattle: fc.Arbitrary<RememberedBattle> = fc
  .array(anyTurn, { minLength: 1, maxLength: 3 })
  .chain((turns) =>
    fc.record({
      id: fc.uuid(),
      a: anyName,
      b: anyName.map((name) => `${name}-2`),
      system: fc.oneof(fc.constant(''), anyText),
      source: fc.constantFrom('', 'import 1'),
      language: fc.constantFrom('ru', 'en', 'other'),
      categories: fc.uniqueArray(fc.constantFrom('coding', 'math', 'language-ru')),
      turns: fc.constant(turns),
      votes: anyVotes(turns.length),
    }),
  )
  .map(({ a, b, ...parts }) => aBattle({ ...parts, models: { a, b } }))

export const anyBattles = fc.array(anyBattle, { maxLength: 8 })
