import { en } from './en.ts'
import { inBothLanguages } from './language.ts'
import { ru } from './ru.ts'

/** The texts of the shell and of the battle page. Other pages bring their own, with `inBothLanguages`. */
export type { Texts } from './en.ts'

export const texts = inBothLanguages(en, ru)
