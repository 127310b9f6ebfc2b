import { hash } from 'node:crypto'
import { LANGUAGE_CATEGORIES } from '../../contract/categories.ts'
import { categorise } from '../categories/categorise.ts'
import type { ToldLabels } from './imported-facts.ts'

export interface Labels {
  /** Empty when nobody knows. */
  readonly language: string
  readonly categories: readonly string[]
}

export interface LabelledTexts {
  readonly prompts: readonly string[]
  readonly answers: readonly string[]
}

/** Labels of so many conversations are remembered: many battles are about the same prompt. */
const REMEMBERED = 5_000

/** Says what a record does not say about language and categories, by the rules that every battle here is labelled by. */
export class Labeller {
  readonly #known = new Map<string, Labels>()

  /** @param texts nothing when they are not known */
  async label({ language, categories }: ToldLabels, texts: LabelledTexts | null): Promise<Labels> {
    if (texts === null || (language !== null && categories !== null)) {
      return { language: language ?? '', categories: withLanguage(language, categories ?? []) }
    }
    const found = await this.#findLabels(texts)
    const spoken = language ?? found.language
    return { language: spoken, categories: withLanguage(spoken, categories ?? found.categories) }
  }

  async #findLabels(texts: LabelledTexts): Promise<Labels> {
    const key = hash('sha256', JSON.stringify(texts), 'base64url')
    const known = this.#known.get(key)
    if (known) return known
    const { language, categories } = await categorise(texts)
    const found = { language, categories: categories.filter((name) => !name.startsWith('language-')) }
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(key, found)
    return found
  }
}

/** Every battle whose language is known is on a board of it. */
function withLanguage(language: string | null, categories: readonly string[]): readonly string[] {
  if (language === null || categories.some((name) => name.startsWith('language-'))) return categories
  const board = LANGUAGE_CATEGORIES.find((code) => code === language) ?? 'other'
  return [`language-${board}`, ...categories]
}
