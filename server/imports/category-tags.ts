import { ownValue } from './messages.ts'

/** Criteria of a hard prompt that must be met, of seven. */
const HARD_CRITERIA = 6

const TAGS = [
  ['math_v0.1', 'math', 'math'],
  ['if_v0.1', 'if', 'instruction-following'],
  ['creative_writing_v0.1', 'creative_writing', 'creative-writing'],
] as const

/** The categories that the tags of public arena votes stand for. */
export function readCategoryTags(tags: object): string[] {
  const found: string[] = TAGS.filter(([set, tag]) => ownValue(ownValue(tags, set), tag) === true).map(
    ([, , label]) => label,
  )
  const criteria = ownValue(tags, 'criteria_v0.1')
  const met =
    typeof criteria === 'object' && criteria !== null ? Object.values(criteria).filter((one) => one === true) : []
  if (met.length >= HARD_CRITERIA) found.push('hard-prompts')
  return found
}
