import { z } from 'zod'

const Categories = z.array(z.string()).readonly()

/** A few hundred lists of categories label all the battles of an arena: each is parsed once and then shared. */
export class CategoryCache {
  readonly #parsed = new Map<string, readonly string[]>()

  parse(text: string): readonly string[] {
    const known = this.#parsed.get(text)
    if (known) return known
    const categories = Object.freeze(Categories.parse(JSON.parse(text)))
    if (this.#parsed.size < 10_000) this.#parsed.set(text, categories)
    return categories
  }
}
