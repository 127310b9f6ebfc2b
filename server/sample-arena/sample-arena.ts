import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AnswerId, ModelId, PromptId } from '../../contract/ids.ts'
import type { ModelRecord, NewModel, PreparedAnswer, Store } from '../../db/store.ts'
import { namesItself } from '../blind/identity-leak.ts'
import { newId, sha256 } from '../ids.ts'

const SampleSet = z.strictObject({
  language: z.string(),
  prompts: z.array(
    z.strictObject({
      id: z.string(),
      category: z.array(z.string()),
      prompt: z.string().min(1),
      answers: z.record(z.string(), z.string().min(1)),
    }),
  ),
})

const FILES = ['english.json', 'russian.json']
const SOURCE = 'sample-arena'
const ORGANIZATION = 'Written samples'

/** Shown names of the sample models: what they are is part of the name, so that nobody takes them for real models. */
const SAMPLE_NAMES: Readonly<Record<string, string>> = {
  'sample-terse': 'Sample: terse',
  'sample-thorough': 'Sample: thorough',
  'sample-formatted': 'Sample: formatted',
  'sample-rambling': 'Sample: rambling',
  'sample-confident-wrong': 'Sample: confidently wrong',
  'sample-careful': 'Sample: careful',
  'sample-literal': 'Sample: literal',
}

/** The models of the sample arena, active or paused. */
export function sampleModels({ at, active }: { at: number; active: boolean }): NewModel[] {
  return Object.values(SAMPLE_NAMES).map((name) => ({
    id: ModelId.parse(newId()),
    name,
    organization: ORGANIZATION,
    license: 'MIT',
    endpoint: null,
    weight: 1,
    price: null,
    modalities: ['text'],
    sample: true,
    status: active ? 'active' : 'paused',
    at,
  }))
}

/** Brings the written prompts and answers into the store. Running it again changes nothing. */
export async function importSampleArena(
  store: Pick<Store, 'importAnswers'>,
  { models, at }: { models: readonly ModelRecord[]; at: number },
): Promise<{ promptsCreated: number; answersCreated: number }> {
  const modelOf = new Map(models.map((model) => [model.name, model]))
  const created = { promptsCreated: 0, answersCreated: 0 }
  for (const file of FILES) {
    const set = SampleSet.parse(JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8')))
    const result = await store.importAnswers(toPreparedAnswers(set, modelOf, at))
    created.promptsCreated += result.promptsCreated
    created.answersCreated += result.answersCreated
  }
  return created
}

function toPreparedAnswers(
  { language, prompts }: z.infer<typeof SampleSet>,
  modelOf: ReadonlyMap<string, ModelRecord>,
  at: number,
): PreparedAnswer[] {
  return prompts.flatMap(({ category, prompt, answers }) => {
    const promptId = PromptId.parse(newId())
    const promptKey = sha256(JSON.stringify(['text', prompt]))
    return Object.entries(answers).map(([key, text]): PreparedAnswer => {
      const model = modelOf.get(SAMPLE_NAMES[key] ?? '')
      if (!model) throw new Error(`the sample arena has answers of "${key}", which is not among its models`)
      return {
        promptId,
        promptKey,
        prompt,
        language,
        text,
        at,
        arena: 'text',
        categories: [`language-${language}`, ...category],
        source: SOURCE,
        answerId: AnswerId.parse(newId()),
        answerKey: sha256(JSON.stringify([promptKey, model.name, text])),
        modelId: model.id,
        identityLeaked: namesItself(text, {
          name: model.name,
          organization: ORGANIZATION,
        }),
      }
    })
  })
}
