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

/** Categories that a record brings: a text, texts joined by `|`, or a list. Null when it brings none. */
export function readCategories(fields: RecordFields, field: string): string[] | null {
  const value = fields.value(field)
  if (value === undefined) return null
  const names = toNames(value, field)
  const labels = names.map(toCategoryLabel).filter((label) => label !== null)
  return [...new Set(labels)]
}

function toNames(value: unknown, field: string): string[] {
  if (typeof value === 'string') return splitNames(value, field)
  if (Array.isArray(value)) return value.map((name: unknown) => toText(name, field))
  throw new Refusal('bad_value', field, `expected a category or a list of them, got ${describeValue(value)}`)
}

/** A table cell holds a list as JSON or joined. */
function splitNames(text: string, field: string): string[] {
  if (text.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(text)
      if (Array.isArray(list)) return list.map((name: unknown) => toText(name, field))
    } catch {
      // A category may begin with a bracket.
    }
  }
  return text.split('|').map((name) => toText(name, field))
}
