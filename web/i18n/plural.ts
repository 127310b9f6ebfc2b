import type { Language } from './language.ts'

/** Every form that a language of ours needs: English `one` and `other`, Russian `one`, `few`, `many` and `other`. */
export interface PluralForms {
  readonly one: string
  readonly few?: string
  readonly many?: string
  readonly other: string
}

/** Chooses the form of a word that goes with `count`. `other` serves where a form is not given. */
export function pluraliser(language: Language): (count: number, forms: PluralForms) => string {
  const rules = new Intl.PluralRules(language)
  return (count, forms) => {
    const form = rules.select(count)
    if (form === 'one') return forms.one
    if (form === 'few') return forms.few ?? forms.other
    if (form === 'many') return forms.many ?? forms.other
    return forms.other
  }
}
