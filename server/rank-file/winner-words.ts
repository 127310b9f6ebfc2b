import { OUTCOME_CODES } from '../../ranking/outcome.ts'

/** How arenas, sheets and scripts write who won: lower case, only letters, digits, `<`, `>`, `=`. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ...words(OUTCOME_CODES.a, 'a modela model1 left leftvote abetter answera responsea first a>b a>>b'),
  ...words(OUTCOME_CODES.b, 'b modelb model2 right rightvote bbetter answerb responseb second b>a b>>a'),
  ...words(OUTCOME_CODES.tie, 'tie tievote draw equal same bothequal bothgood tieinconsistent a=b'),
  ...words(OUTCOME_CODES.both_bad, 'bothbad tiebothbad bothbadvote neither'),
])

function words(code: number, list: string): [string, number][] {
  return list.split(' ').map((word) => [word, code])
}

/** The outcome that a word stands for, or undefined: then it may still be the name of one of the models. */
export function outcomeOfWord(text: string): number | undefined {
  return WORDS.get(text.toLowerCase().replace(/[^\p{L}\p{N}<>=]/gu, ''))
}
