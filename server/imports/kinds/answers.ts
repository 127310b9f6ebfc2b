import { field, required } from '../column-map.ts'
import type { ImportKind } from '../import-kind.ts'
import { readPrompt } from './prompt-text.ts'
import { LABEL_FIELDS, readLabels } from './told-labels.ts'

/** Answers that exist already, to be judged in prepared battles: one record is one model's answer to one prompt. */
export const answersKind: ImportKind = {
  name: 'answers',
  fields: [
    required('prompt', 'question', 'instruction'),
    required('model', 'model_name', 'model_id'),
    required('response', 'answer', 'output', 'completion'),
    field('id'),
    field('system', 'system_prompt'),
    ...LABEL_FIELDS,
  ],
  read: (fields, context) => [
    {
      fact: 'answer',
      prompt: readPrompt(fields, context),
      model: fields.name('model'),
      response: fields.text('response'),
      ...readLabels(fields),
    },
  ],
  claims: (columns) => columns.has('model') && columns.has('response') && columns.has('prompt'),
}
