import { readCategoryTags } from './category-tags.ts'
import { field } from './column-map.ts'
import { describeValue, Refusal } from './refusal.ts'
import { toText, type RecordFields } from './record-fields.ts'

/** How Russian letters are written in labels, which are lower case Latin letters, digits and dashes. */
const CYRILLIC: ReadonlyMap<string, string> = new Map(
  `аa бb вv гg дd еe ёe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe
    юiu яia`
    .split(/\s+/)
    .map((pair): [string, string] => [pair.slice(0, 1), pair.slice(1)]),
)

/** The label that stands for a name somebody else gave a category; null when nothing of it can be written as one. */
export function toCategoryLabel(name: string): string | null {
  const plain = name
    .toLowerCase()
    .normalize('NFC')
    .replace(/[а-яё]/gu, (letter) => CYRILLIC.get(letter) ?? letter)
  const latin = plain.normalize('NFKD').replace(/\p{M}+/gu, '')
  const label = latin.replace(/[^a-z0-9\p{L}\p{N}]+/gu, '-').replace(/[^a-z0-9-]/gu, spellOut)
  const trimmed = label.replace(/-+/g, '-').replace(/^-|-$/g, '')
  return trimmed === '' ? null : trimmed
}

function spellOut(character: string): string {
  return `u${(character.codePointAt(0) ?? 0).toString(16)}-`
}

/** Categories that a record brings: a text, texts joined by `|`, a list, or an object of tags. Null when it brings none. */
export function readCategories(fields: RecordFields): readonly string[] | null {
  const value = fields.value('category')
  const told = value === undefined ? null : typeof value === 'string' ? labelsOfText(value) : toLabels(value)
  const flags = [
    ['is_code', 'coding'],
    ['is_refusal', 'refusals'],
  ] as const
  const flagged = flags.filter(([name]) => fields.flag(name) === true).map(([, label]) => label)
  if (flagged.length === 0) return told
  return [...new Set([...(told ?? []), ...flagged])]
}

/** The same few texts stand in millions of records; each is read once, and its labels are one object. */
const labelsByText = new Map<string, readonly string[]>()
const REMEMBERED = 10_000

function labelsOfText(text: string): readonly string[] {
  const known = labelsByText.get(text)
  if (known) return known
  const labels = [...new Set(toLabels(splitNames(text)))]
  if (labelsByText.size >= REMEMBERED) labelsByText.clear()
  labelsByText.set(text, labels)
  return labels
}

/** The fields that `readCategories` looks at. */
export const CATEGORY_FIELDS = [field('category', 'categories', 'category_tag'), field('is_code'), field('is_refusal')]

function toLabels(value: unknown): string[] {
  if (typeof value === 'string') return toLabels(splitNames(value))
  if (Array.isArray(value)) {
    const labels = value.map((name: unknown) => toCategoryLabel(toText(name, 'category')))
    return labels.filter((label) => label !== null)
  }
  if (typeof value === 'object' && value !== null) return readCategoryTags(value)
  throw new Refusal('bad_value', 'category', `expected a category or a list of them, got ${describeValue(value)}`)
}

/** A table cell holds a list or an object as JSON, or names joined by a bar. */
function splitNames(text: string): unknown {
  if (/^[[{]/.test(text)) {
    try {
      const parsed: unknown = JSON.parse(text)
      return parsed
    } catch {
      // A category may begin with a bracket.
    }
  }
  return text.split('|')
}
