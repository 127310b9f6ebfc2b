import type { LanguageCode, TASK_CATEGORIES } from '../../../contract/categories.ts'

/** Language, task (`any` where only the language is judged), topics in short words, text. */
export type LabelledPrompt = readonly [
  language: LanguageCode,
  task: (typeof TASK_CATEGORIES)[number] | 'any',
  topics: string,
  text: string,
]

const TOPIC_OF: Readonly<Record<string, string>> = {
  coding: 'coding',
  math: 'math',
  creative: 'creative-writing',
  instructions: 'instruction-following',
  hard: 'hard-prompts',
}

/** The categories a labelled prompt should be given, without its language. */
export function expectedCategories([, task, topics]: LabelledPrompt): Set<string> {
  const words = topics === '' ? [] : topics.split(' ')
  return new Set([task, ...words.map((word) => TOPIC_OF[word] ?? word)])
}
