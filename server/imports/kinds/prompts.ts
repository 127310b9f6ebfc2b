import { field } from '../column-map.ts'
import type { ImportKind } from '../import-kind.ts'
import { readPrompt } from './prompt-text.ts'
import { LABEL_FIELDS, readLabels } from './told-labels.ts'

/** Prompts without answers; a file of plain lines has one in every line. */
export const promptsKind: ImportKind = {
  name: 'prompts',
  linesAs: 'prompt',
  fields: [
    field('prompt', 'question', 'instruction'),
    field('messages'),
    field('id'),
    field('system', 'system_prompt'),
    ...LABEL_FIELDS,
  ],
  read: (fields, context) => [{ fact: 'prompt', prompt: readPrompt(fields, context), ...readLabels(fields) }],
  claims: (columns) =>
    (columns.has('prompt') || columns.has('messages')) &&
    !['response', 'responsea', 'chosen', 'completion', 'modela', 'rejectedresponse'].some((name) => columns.has(name)),
}
