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

const NO_CATEGORIES: readonly string[] = []

/** Labels of so many conversations are remembered: many battles are about the same prompt. */
const REMEMBERED = 5_000

/** Says what a record does not say about language and categories, by the rules that every battle here is labelled by. */
export class Labeller {
  readonly #known = new Map<string, Labels>()

  readonly #told = new WeakMap<readonly string[], Map<string | null, Labels>>()

  /** What there is to say where no text is known. Records that say the same get the same object. */
  labelTold({ language, categories }: ToldLabels): Labels {
    const key = categories ?? NO_CATEGORIES
    const byLanguage = this.#told.get(key) ?? new Map<string | null, Labels>()
    const known = byLanguage.get(language)
    if (known) return known
    const labels = { language: language ?? '', categories: withLanguage(language, key) }
    byLanguage.set(language, labels)
    this.#told.set(key, byLanguage)
    return labels
  }

  /** @param texts nothing when they are not known */
  async label(told: ToldLabels, texts: LabelledTexts | null): Promise<Labels> {
    const { language, categories } = told
    if (texts === null || (language !== null && categories !== null)) return this.labelTold(told)
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
