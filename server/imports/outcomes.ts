import type { Outcome, PerSide } from '../../contract/outcome.ts'
import type { RecordFields } from './record-fields.ts'
import { describeValue, Refusal } from './refusal.ts'

const CODES: Readonly<Record<Outcome, string>> = {
  a: 'a modela model1 left leftvote abetter answera responsea first a>b a>>b',
  b: 'b modelb model2 right rightvote bbetter answerb responseb second b>a b>>a',
  tie: 'tie tievote draw equal same bothequal bothgood tieinconsistent a=b',
  both_bad: 'bothbad tiebothbad bothbadvote neither',
}

const OUTCOME_OF: ReadonlyMap<string, Outcome> = new Map(
  toCodes('a').concat(toCodes('b'), toCodes('tie'), toCodes('both_bad')),
)

function toCodes(outcome: Outcome): [string, Outcome][] {
  return CODES[outcome].split(' ').map((code) => [code, outcome])
}

/** What others write for an outcome, in any spelling of theirs; undefined for anything else. */
export function toOutcome(word: string): Outcome | undefined {
  return OUTCOME_OF.get(word) ?? OUTCOME_OF.get(word.toLowerCase().replace(/[^\p{L}\p{N}<>=]/gu, ''))
}

/**
 * The outcome that a value stands for: a code, or the name of one of the two models. Bare numbers are refused, since "1"
 * means the first answer here and a victory there.
 */
export function readOutcome(value: unknown, field: string, models: PerSide<string>): Outcome {
  if (typeof value === 'string' && !/^\s*[-+]?[\d.]+\s*$/.test(value)) {
    const outcome = toOutcome(value)
    if (outcome) return outcome
    if (value === models.a) return 'a'
    if (value === models.b) return 'b'
  }
  const expected = 'model_a, model_b, tie, both_bad or the name of a model'
  throw new Refusal('bad_winner', field, `expected ${expected}, got ${describeValue(value)}`)
}

/** Reads `winner`, or the three columns that say the same with ones and zeros. */
export function readWinner(fields: RecordFields, models: PerSide<string>): Outcome {
  const winner = fields.value('winner')
  if (winner !== undefined) return readOutcome(winner, 'winner', models)
  if (!fields.has('winner_model_a')) throw new Refusal('missing_field', 'winner', 'expected an outcome, got nothing')
  const hot = [
    ['a', fields.flag('winner_model_a')],
    ['b', fields.flag('winner_model_b')],
    ['tie', fields.flag('winner_tie')],
  ] as const
  const [only, ...others] = hot.filter(([, isHot]) => isHot === true)
  if (only && others.length === 0) return only[0]
  throw new Refusal(
    'bad_winner',
    'winner_model_a',
    'expected one 1 among winner_model_a, winner_model_b and winner_tie',
  )
}
