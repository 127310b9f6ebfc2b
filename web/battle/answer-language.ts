const SCRIPTS: readonly (readonly [language: string, letters: RegExp])[] = [
  ['ru', /\p{Script=Cyrillic}/gu],
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['zh', /\p{Script=Han}/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['he', /\p{Script=Hebrew}/gu],
]
/** Enough to tell, and the same cost for an answer of any length. */
const LOOKED_AT = 600

/** The language to pronounce and to break lines by, guessed from the script. Latin letters are read as English. */
export function languageOf(text: string): string {
  const start = text.slice(0, LOOKED_AT)
  const letters = start.match(/\p{Letter}/gu)?.length ?? 0
  const found = SCRIPTS.find(([, script]) => (start.match(script)?.length ?? 0) > letters * 0.3)
  return found?.[0] ?? 'en'
}
