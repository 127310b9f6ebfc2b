const WORD =
  /\p{Script=Latin}+|\p{Script=Cyrillic}+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|\p{N}{1,3}|\p{L}\p{M}*|[^\s\p{L}\p{N}]+/gu
const LATIN = /^\p{Script=Latin}/u
const CYRILLIC = /^\p{Script=Cyrillic}/u

/** Measured against o200k_base on English answers and Russian texts; a word takes at least one token. */
const LATIN_LETTERS_PER_TOKEN = 9
const CYRILLIC_LETTERS_PER_TOKEN = 4

/** About how many tokens a current tokenizer makes of a text; see docs/categories.md for how far off it is. */
export function estimateTokens(text: string): number {
  let tokens = 0
  for (const [word] of text.matchAll(WORD)) {
    if (LATIN.test(word)) tokens += Math.ceil(word.length / LATIN_LETTERS_PER_TOKEN)
    else if (CYRILLIC.test(word)) tokens += Math.ceil(word.length / CYRILLIC_LETTERS_PER_TOKEN)
    else tokens += 1
  }
  return tokens
}
