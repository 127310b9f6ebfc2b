/** Scripts that put no space between words: each of their characters is taken for a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu
const NOT_LETTER_OR_DIGIT = /[^\p{L}\p{N}]+/gu
const GRAM = 3

/** The text by which prompts are told apart: compatible forms as one, lower case, letters and digits, single spaces. */
export function normalisePrompt(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(NOT_LETTER_OR_DIGIT, ' ').trim()
}

/**
 * Hashes of all runs of three words, sorted and without repetition. A shorter text is one run; a text without words is
 * known by its characters.
 */
export function toShingles(text: string): Uint32Array {
  const normal = normalisePrompt(text).replace(UNSPACED, ' $& ').trim()
  const words = normal === '' ? [text.trim()] : normal.split(/ +/)
  const hashes = words.map(hashWord)
  const grams = new Set<number>()
  const last = Math.max(0, words.length - GRAM)
  for (let start = 0; start <= last; start += 1) grams.add(combine(hashes.slice(start, start + GRAM)))
  return Uint32Array.from(grams).toSorted()
}

/** |one ∩ other| / |one ∪ other| of two sorted sets. */
export function jaccard(one: Uint32Array, other: Uint32Array): number {
  let shared = 0
  for (let left = 0, right = 0; left < one.length && right < other.length;) {
    const difference = (one[left] ?? 0) - (other[right] ?? 0)
    if (difference === 0) shared += 1
    if (difference <= 0) left += 1
    if (difference >= 0) right += 1
  }
  const all = one.length + other.length - shared
  return all === 0 ? 1 : shared / all
}

/** FNV-1a (Fowler, Noll, Vo) over UTF-16 code units. */
function hashWord(word: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < word.length; index += 1) hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

function combine(words: readonly number[]): number {
  let hash = words.length
  for (const word of words) hash = mix(hash ^ word, 0x9e3779b1)
  return hash
}

/** MurmurHash3's finaliser (Appleby): every bit of the input moves every bit of the result. */
export function mix(value: number, seed: number): number {
  let hash = Math.imul(value ^ seed, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
