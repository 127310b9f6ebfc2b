import { inBothLanguages } from '../i18n/language.ts'

const names = inBothLanguages<Record<string, string>>(
  {
    overall: 'Overall',
    'language-ru': 'Russian',
    'language-en': 'English',
    'language-zh': 'Chinese',
    'language-de': 'German',
    'language-fr': 'French',
    'language-es': 'Spanish',
    'language-ja': 'Japanese',
    'language-other': 'Other languages',
    coding: 'Coding',
    math: 'Maths',
    'creative-writing': 'Creative writing',
    'instruction-following': 'Instruction following',
    'hard-prompts': 'Hard prompts',
    'longer-query': 'Longer query',
    'multi-turn': 'Multi-turn',
    refusals: 'Refusals',
    brainstorm: 'Brainstorm',
    classification: 'Classification',
    extraction: 'Extraction',
    generation: 'Generation',
    rewriting: 'Rewriting',
    chat: 'Chat',
    'closed-qa': 'Closed questions',
    'open-qa': 'Open questions',
    summarisation: 'Summarisation',
    'other-task': 'Other tasks',
  },
  {
    overall: 'Все',
    'language-ru': 'Русский',
    'language-en': 'Английский',
    'language-zh': 'Китайский',
    'language-de': 'Немецкий',
    'language-fr': 'Французский',
    'language-es': 'Испанский',
    'language-ja': 'Японский',
    'language-other': 'Другие языки',
    coding: 'Код',
    math: 'Математика',
    'creative-writing': 'Творчество',
    'instruction-following': 'Следование инструкции',
    'hard-prompts': 'Трудные запросы',
    'longer-query': 'Длинный запрос',
    'multi-turn': 'Многоходовые',
    refusals: 'Отказы',
    brainstorm: 'Идеи',
    classification: 'Классификация',
    extraction: 'Извлечение',
    generation: 'Написание текста',
    rewriting: 'Переписывание',
    chat: 'Беседа',
    'closed-qa': 'Вопросы по тексту',
    'open-qa': 'Открытые вопросы',
    summarisation: 'Краткое изложение',
    'other-task': 'Другие задачи',
  },
)

/** How a category is called. A label that somebody made for a set of their own is shown as its words. */
export function categoryName(category: string): string {
  const known = names()
  return Object.hasOwn(known, category) ? (known[category] ?? category) : category.replaceAll('-', ' ')
}

/** Every category that has a name in the language of the page. */
export const namedCategories = (): readonly string[] => Object.keys(names())
