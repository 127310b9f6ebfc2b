import { CATEGORY_FIELDS, readCategories } from '../category-labels.ts'
import { field } from '../column-map.ts'
import type { ToldLabels } from '../imported-facts.ts'
import { toLanguageCode } from '../language-codes.ts'
import type { RecordFields } from '../record-fields.ts'

/** The fields in which a record says of what kind it is. */
export const LABEL_FIELDS = [field('language', 'lang'), ...CATEGORY_FIELDS]

export function readLabels(fields: RecordFields): ToldLabels {
  const language = fields.optionalText('language')
  return { language: language === null ? null : toLanguageCode(language), categories: readCategories(fields) }
}
