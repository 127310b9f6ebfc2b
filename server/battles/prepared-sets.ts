import type { AnswerId, ModelId, PromptId } from '../../contract/ids.ts'
import type { PerSide } from '../../contract/outcome.ts'
import type { PreparedPrompt, SeenPair } from '../../db/store.ts'
import { drawOne, drawPair } from './pairing.ts'

export interface PreparedDraw {
  readonly promptId: PromptId
  readonly language: string
  readonly categories: readonly string[]
  readonly models: PerSide<ModelId>
  readonly answers: PerSide<AnswerId>
}

export interface DrawOptions {
  readonly prompts: readonly PreparedPrompt[]
  /** The language the person reads; prompts in it come first while there are any left. */
  readonly language: string | undefined
  /** What this voter has been shown already, newest first. */
  readonly seen: readonly SeenPair[]
  readonly weightOf: (model: ModelId) => number
  readonly random: () => number
}

/**
 * The next pair of existing answers for one voter: in the preferred language where that has prompts, first from prompts
 * that the voter has seen least often, then a pair of models not yet seen on that prompt; sides by a fair coin.
 * Returns undefined when nothing can be compared.
 */
export function drawPrepared({ prompts, language, seen, weightOf, random }: DrawOptions): PreparedDraw | undefined {
  const able = prompts.filter((prompt) => canCompare(prompt, weightOf))
  const inLanguage = able.filter((prompt) => prompt.language === language)
  const seenOf = groupByPrompt(seen)
  const prompt = drawLeastSeen(inLanguage.length > 0 ? inLanguage : able, seenOf, random)
  if (!prompt) return undefined
  const models = drawUnseenPair(prompt, seenOf.get(prompt.id) ?? [], weightOf, random)
  const answers = models && { a: drawAnswer(prompt, models.a, random), b: drawAnswer(prompt, models.b, random) }
  if (!models || !answers?.a || !answers.b) return undefined
  const { id: promptId, categories } = prompt
  return { promptId, language: prompt.language, categories, models, answers: { a: answers.a, b: answers.b } }
}

/** Whether at least two models that take part have answered a prompt. */
export function canCompare(prompt: PreparedPrompt, weightOf: (model: ModelId) => number): boolean {
  return modelsOf(prompt).filter((id) => weightOf(id) > 0).length >= 2
}

/** Who answered; a model with several answers to one prompt is there once. */
function modelsOf({ answers }: PreparedPrompt): ModelId[] {
  return [...new Set(answers.map(({ modelId }) => modelId))]
}

function drawAnswer({ answers }: PreparedPrompt, model: ModelId, random: () => number): AnswerId | undefined {
  const own = answers.filter(({ modelId }) => modelId === model)
  return drawOne(
    own.map(({ id }) => ({ id, weight: 1 })),
    random,
  )
}

function drawLeastSeen(
  prompts: readonly PreparedPrompt[],
  seenOf: ReadonlyMap<PromptId, readonly SeenPair[]>,
  random: () => number,
): PreparedPrompt | undefined {
  const times = prompts.map(({ id }) => seenOf.get(id)?.length ?? 0)
  const fewest = Math.min(...times)
  return drawOne(
    prompts.filter((_, index) => times[index] === fewest).map((prompt) => ({ id: prompt, weight: 1 })),
    random,
  )
}

function drawUnseenPair(
  prompt: PreparedPrompt,
  seen: readonly SeenPair[],
  weightOf: (model: ModelId) => number,
  random: () => number,
): PerSide<ModelId> | undefined {
  const keyOf = (pair: PerSide<ModelId>) => [pair.a, pair.b].sort().join(' ')
  const seenKeys = new Set(seen.map(({ models }) => keyOf(models)))
  const contestants = modelsOf(prompt).map((id) => ({ id, weight: weightOf(id) }))
  const unseen = contestants.flatMap((first) =>
    contestants
      .filter((second) => second.id !== first.id && !seenKeys.has(keyOf({ a: first.id, b: second.id })))
      .map((second) => ({ id: { a: first.id, b: second.id }, weight: first.weight * second.weight })),
  )
  return drawOne(unseen, random) ?? drawPair(contestants, random)
}

function groupByPrompt(seen: readonly SeenPair[]): Map<PromptId, SeenPair[]> {
  const groups = new Map<PromptId, SeenPair[]>()
  for (const pair of seen) groups.set(pair.promptId, [...(groups.get(pair.promptId) ?? []), pair])
  return groups
}
