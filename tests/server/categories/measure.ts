import { categorise } from '../../../server/categories/categorise.ts'
import { expectedCategories, type LabelledPrompt } from './labels.ts'

export interface Score {
  hits: number
  falseAlarms: number
  misses: number
}

export interface Mistake {
  readonly text: string
  readonly missing: string[]
  readonly wrong: string[]
}

export interface Measurement {
  readonly scores: ReadonlyMap<string, Score>
  readonly mistakes: readonly Mistake[]
}

/** How the rules do on a labelled set, category by category. */
export async function measure(prompts: readonly LabelledPrompt[]): Promise<Measurement> {
  const scores = new Map<string, Score>()
  const scoreOf = (category: string) => {
    const score = scores.get(category) ?? { hits: 0, falseAlarms: 0, misses: 0 }
    scores.set(category, score)
    return score
  }
  const mistakes: Mistake[] = []
  for (const labelled of prompts) {
    const [language, task, , text] = labelled
    const expected = new Set([`language-${language}`, ...(task === 'any' ? [] : expectedCategories(labelled))])
    const { categories } = await categorise({ prompts: [text] })
    const given: string[] = task === 'any' ? categories.slice(0, 1) : categories
    for (const category of given) scoreOf(category)[expected.has(category) ? 'hits' : 'falseAlarms'] += 1
    const missing = [...expected].filter((category) => !given.includes(category))
    for (const category of missing) scoreOf(category).misses += 1
    const wrong = given.filter((category) => !expected.has(category))
    if (missing.length + wrong.length > 0) mistakes.push({ text, missing, wrong })
  }
  return { scores, mistakes }
}

export function precision({ hits, falseAlarms }: Score): number {
  return hits + falseAlarms === 0 ? 1 : hits / (hits + falseAlarms)
}

export function recall({ hits, misses }: Score): number {
  return hits + misses === 0 ? 1 : hits / (hits + misses)
}

/** All categories that are meant, taken together. */
export function total(scores: ReadonlyMap<string, Score>, isMeant: (category: string) => boolean): Score {
  const sum: Score = { hits: 0, falseAlarms: 0, misses: 0 }
  for (const [category, score] of scores) {
    if (!isMeant(category)) continue
    sum.hits += score.hits
    sum.falseAlarms += score.falseAlarms
    sum.misses += score.misses
  }
  return sum
}

/** One line per category, for people: the figures of docs/categories.md are these. */
export function toTable(scores: ReadonlyMap<string, Score>): string {
  const rows = [...scores]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([category, score]) => {
      const { hits, misses, falseAlarms } = score
      const shares = `${precision(score).toFixed(2)}       ${recall(score).toFixed(2)}`
      return `${category.padEnd(24)}${String(hits + misses).padStart(4)}   ${shares}   ${falseAlarms} wrong, ${misses} missed`
    })
  return ['category                 set   precision  recall', ...rows].join('\n')
}
