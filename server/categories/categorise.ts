import type { LanguageCategory, LanguageCode, TOPIC_CATEGORIES } from '../../contract/categories.ts'
import { isCoding } from './coding.ts'
import { countConstraints } from './constraints.ts'
import { isCreativeWriting } from './creative-writing.ts'
import { isHardPrompt } from './hard-prompt.ts'
import { detectLanguage } from './language.ts'
import { isMath } from './math.ts'
import { readPrompt } from './prompt-text.ts'
import { isRefusal } from './refusal.ts'
import { pickTask, type Task } from './task.ts'
import { estimateTokens } from './token-estimate.ts'

type Topic = (typeof TOPIC_CATEGORIES)[number]

export interface Conversation {
  /** What the person wrote so far, turn by turn. */
  readonly prompts: readonly string[]
  /** What the models answered, in any order; needed for refusals alone. */
  readonly answers?: readonly string[]
}

export interface Categorised {
  readonly language: LanguageCode
  readonly categories: (LanguageCategory | Topic | Task)[]
}

const LONGER_QUERY_TOKENS = 500

/**
 * The labels of a battle, by rules alone: the same conversation always gets the same ones, in the same order. They are
 * written down in docs/categories.md with how often they are wrong. A topic counts when any turn has it; language and
 * task are those of the first turn that has a clear one.
 */
export async function categorise({ prompts, answers = [] }: Conversation): Promise<Categorised> {
  const language = await detectLanguage(prompts.find((prompt) => /\p{L}/u.test(prompt)) ?? '')
  const turns = prompts.map(categoriseTurn)
  const topics = new Set(turns.flatMap((turn) => turn.topics))
  if (estimateTokens(prompts.join('\n')) >= LONGER_QUERY_TOKENS) topics.add('longer-query')
  if (prompts.length > 1) topics.add('multi-turn')
  if (answers.some(isRefusal)) topics.add('refusals')
  return { language, categories: [`language-${language}`, ...topics, firstClearTask(turns)] }
}

interface TurnCategories {
  readonly task: Task
  readonly topics: readonly Topic[]
}

function categoriseTurn(prompt: string): TurnCategories {
  const text = readPrompt(prompt)
  const task = pickTask(text)
  const coding = isCoding(text)
  const math = isMath(text)
  const constraints = countConstraints(text, task)
  const topics: Topic[] = []
  if (coding) topics.push('coding')
  if (math) topics.push('math')
  if (isCreativeWriting(text)) topics.push('creative-writing')
  if (constraints > 0) topics.push('instruction-following')
  if (isHardPrompt(text, { task, isTechnical: coding || math, constraints })) topics.push('hard-prompts')
  return { task, topics }
}

/** A greeting may come before the real question. */
function firstClearTask(turns: readonly TurnCategories[]): Task {
  const tasks = turns.map(({ task }) => task)
  const isClear = (task: Task) => task !== 'chat' && task !== 'other-task'
  return tasks.find(isClear) ?? tasks.find((task) => task === 'chat') ?? 'other-task'
}
