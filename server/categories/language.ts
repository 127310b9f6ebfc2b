import type { LanguageCode } from '../../contract/categories.ts'

type LatinLanguage = 'en' | 'de' | 'fr' | 'es'

const TECHNICAL = /```[\s\S]*?(?:```|$)|`[^`\n]*`|https?:\/\/\S+|\S+@\S+\.\w+|\\[a-z]+|\$[^$\n]*\$/gi
const QUOTATION = /["“„«][^"”“»\n]{12,}["”“»]/g
const CHARS_TO_READ = 2000
const REQUEST_CHARS = 300
const WORDS_TO_COUNT = 60

/** Letters of the Cyrillic alphabet that Russian does not have. */
const NOT_RUSSIAN = /[іїєґўђјљњћџѓќѕәғқңөұүһҗҫӣҳҷӯ]/i
/** Bulgarian shares every letter with Russian, but not these words. */
const BULGARIAN =
  /(?<!\p{L})(?:са|се|със|във|какво|защо|това|няма|които|който|която|което|ще|съм|е|кога|къде|една|ми|моля|като)(?!\p{L})/giu
const RUSSIAN_ONLY = /[ыэё]/i

/**
 * Everyday words that one of our Latin-script languages has and its neighbours hardly have. They settle most prompts;
 * the detector with its sixty languages, which takes some thirty megabytes, is loaded only where they do not.
 */
const WORDS: readonly (readonly [LatinLanguage, ReadonlySet<string>])[] = [
  [
    'en',
    wordSet(`
      the and are was were what how why who which where when write give make tell explain this that these those
      you your my with from for about between can could would should does did please it its into than they
      their there help
    `),
  ],
  [
    'de',
    wordSet(`
      der die das und ist sind war nicht ein eine einen einem einer mit für von auf wie warum wer welche
      welcher welches wo wann ich mir mich dir bitte schreib schreibe erkläre über zwischen kann kannst könnte
      zum zur den dem auch oder aus gib nenne
    `),
  ],
  [
    'fr',
    wordSet(`
      les des est une du aux et où quel quelle quels quelles comment pourquoi écris explique donne je il elle
      nous vous mon avec pour dans sur ce cette ces ça pas peux peut moi c qu
    `),
  ],
  [
    'es',
    wordSet(`
      el los las y qué quién cómo cuál cuáles cuándo cuánto cuántos dónde escribe explica dame en entre este
      esta estos puede puedes está son una para por con
    `),
  ],
]
const GREETINGS: ReadonlyMap<string, LatinLanguage> = new Map([
  ['hello', 'en'],
  ['hi', 'en'],
  ['hey', 'en'],
  ['thanks', 'en'],
  ['ok', 'en'],
  ['hallo', 'de'],
  ['danke', 'de'],
  ['bonjour', 'fr'],
  ['salut', 'fr'],
  ['merci', 'fr'],
  ['hola', 'es'],
  ['gracias', 'es'],
])
/** How much better another language must fit a text of plain letters than English does. */
const CLEARLY_BETTER = 0.05

/** Which of the languages with a board of their own the person writes in; `other` for every further one. */
export async function detectLanguage(prompt: string): Promise<LanguageCode> {
  const text = ownWords(prompt)
  const letters = count(text, /\p{L}/gu)
  if (letters === 0) return 'en'
  const kana = count(text, /[\p{Script=Hiragana}\p{Script=Katakana}]/gu)
  const han = count(text, /\p{Script=Han}/gu)
  // Chinese and Japanese say in one sign what takes others a word.
  if (kana + han > letters * 0.25) return kana > 0 ? 'ja' : 'zh'
  const cyrillic = count(text, /\p{Script=Cyrillic}/gu)
  const latin = count(text, /\p{Script=Latin}/gu)
  if (cyrillic + latin < letters * 0.5) return 'other'
  // Names, terms and pasted code are Latin in every language, so a third of Cyrillic letters is enough.
  return cyrillic > (cyrillic + latin) / 3 ? pickCyrillic(text) : await detectLatin(text)
}

/** What is said in one's own words: no code, no addresses, no quotations, and before a colon or line break if it can be. */
function ownWords(prompt: string): string {
  const bare = prompt.slice(0, CHARS_TO_READ).normalize('NFC').replace(TECHNICAL, ' ').trim()
  const unquoted = bare.replace(QUOTATION, ' ')
  const own = count(unquoted, /\p{L}/gu) >= 8 ? unquoted : bare
  // "Translate to English: …" and "Summarise:\n…" say in their first words which language the person speaks.
  const [first = ''] = own.split(/:\s|\n/, 1)
  return count(first, /\p{L}+/gu) >= 3 ? first.slice(0, REQUEST_CHARS) : own.slice(0, REQUEST_CHARS)
}

function pickCyrillic(text: string): LanguageCode {
  if (NOT_RUSSIAN.test(text)) return 'other'
  if (RUSSIAN_ONLY.test(text)) return 'ru'
  return count(text, BULGARIAN) >= 2 ? 'other' : 'ru'
}

async function detectLatin(text: string): Promise<LanguageCode> {
  const words =
    text
      .toLowerCase()
      .match(/\p{L}+/gu)
      ?.slice(0, WORDS_TO_COUNT) ?? []
  return pickByWords(words, text) ?? (await guess(text))
}

function pickByWords(words: readonly string[], text: string): LatinLanguage | undefined {
  if (/[¿¡]/.test(text)) return 'es'
  const greeting = words.length <= 3 ? words.map((word) => GREETINGS.get(word)).find(Boolean) : undefined
  if (greeting) return greeting
  const [best, next] = WORDS.map(([language, known]) => ({
    language,
    hits: words.filter((word) => known.has(word)).length,
  })).toSorted((one, other) => other.hits - one.hits)
  if (!best || !next || best.hits < 2 || best.hits < next.hits * 2) return undefined
  return best.language
}

async function guess(text: string): Promise<LanguageCode> {
  const { eld } = await import('eld/extrasmall')
  const found = eld.detect(text)
  const { language } = found
  if (language === 'en' || language === 'de' || language === 'fr' || language === 'es') return language
  const scores = found.getScores()
  const isPlain = /^[\x20-\x7e]*$/.test(text)
  // Plain letters without a clear sign of anything else ("f(x)", "nginx proxy config") are taken for English.
  if (isPlain && (!found.isReliable() || (scores[language] ?? 0) - (scores['en'] ?? 0) < CLEARLY_BETTER)) return 'en'
  return language === '' ? 'en' : 'other'
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/))
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
