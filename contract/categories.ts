/**
 * The labels by which leaderboards are cut. The rules that assign them are written down in docs/categories.md;
 * a set, a campaign or an operator may assign other labels of the same shape (lower case, digits, dashes).
 */
export const OVERALL = 'overall'

export const LANGUAGE_CATEGORIES = ['ru', 'en', 'zh', 'de', 'fr', 'es', 'ja', 'other'] as const
export type LanguageCode = (typeof LANGUAGE_CATEGORIES)[number]

/** A language as a category: `language-ru`, so that it can never be taken for a topic. */
export type LanguageCategory = `language-${LanguageCode}`

export const TOPIC_CATEGORIES = [
  'coding',
  'math',
  'creative-writing',
  'instruction-following',
  'hard-prompts',
  'longer-query',
  'multi-turn',
  'refusals',
] as const

export const TASK_CATEGORIES = [
  'brainstorm',
  'classification',
  'extraction',
  'generation',
  'rewriting',
  'chat',
  'closed-qa',
  'open-qa',
  'summarisation',
  'other-task',
] as const

export const CATEGORY_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** Every category that rules can assign, in the order in which boards list them. */
export const KNOWN_CATEGORIES: readonly string[] = [
  OVERALL,
  ...LANGUAGE_CATEGORIES.map((code) => `language-${code}`),
  ...TOPIC_CATEGORIES,
  ...TASK_CATEGORIES,
]
