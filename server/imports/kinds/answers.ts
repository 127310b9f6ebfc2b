import { field, required } from '../column-map.ts'
import { readCategories } from '../category-labels.ts'
import type { ImportKind } from '../import-kind.ts'
import { toLanguageCode } from '../language-codes.ts'
import { Refusal } from '../refusal.ts'

/** Answers that exist already, to be judged in prepared battles: one record is one model's answer to one prompt. */
export const answersKind: ImportKind = {
  name: 'answers',
  fields: [
    required('prompt', 'question', 'instruction'),
    required('model', 'model_name', 'model_id'),
    required('response', 'answer', 'output', 'completion'),
    field('id'),
    field('category', 'categories', 'category_tag'),
    field('language', 'lang'),
  ],
  read: (fields) => {
    const prompt = fields.text('prompt')
    if (prompt.trim() === '') throw new Refusal('empty_prompt', 'prompt', 'expected a prompt, got an empty text')
    const language = fields.optionalText('language')
    return {
      fact: 'answer',
      prompt,
      model: fields.name('model'),
      response: fields.text('response'),
      language: language === null ? null : toLanguageCode(language),
      categories: readCategories(fields, 'category'),
    }
  },
}
