import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Outcome } from '../../../contract/outcome.ts'
import { aBattle, aTurn, aVote } from './battle-makers.ts'
import type { RememberedBattle } from './memory-source.ts'

const FOLDER = '/work/shared/data/'

/** A boolean where text belongs is its JSON text, as the importer has it. */
const Text = z.union([z.string(), z.boolean().transform(String)])
const Line = z.object({
  id: z.string(),
  prompt: z.string(),
  model_a: z.string(),
  response_a: Text,
  model_b: z.string(),
  response_b: Text,
  votes: z.array(z.object({ judge: z.string(), winner: z.enum(['model_a', 'model_b', 'tie', 'tie (bothbad)']) })),
})

const OUTCOMES: Readonly<Record<z.infer<typeof Line>['votes'][number]['winner'], Outcome>> = {
  model_a: 'a',
  model_b: 'b',
  tie: 'tie',
  'tie (bothbad)': 'both_bad',
}

export function hasGivenData(): boolean {
  return existsSync(FOLDER)
}

/** Battles of the given data, read when a test runs; no text of them is in the project. */
export function readGivenBattles(name: 'text_pandalm_battles' | 'text_llmfao_battles'): RememberedBattle[] {
  const lines = readFileSync(`${FOLDER}${name}.jsonl`, 'utf8').split('\n')
  return lines.filter(Boolean).map((line) => {
    const { id, prompt, model_a, response_a, model_b, response_b, votes } = Line.parse(JSON.parse(line))
    return aBattle({
      id,
      models: { a: model_a, b: model_b },
      source: name,
      turns: [aTurn(prompt, response_a, response_b)],
      votes: votes.map(({ judge, winner }) => aVote({ judge, outcome: OUTCOMES[winner] })),
    })
  })
}
