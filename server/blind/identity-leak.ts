/** What would give a model away in its own answer. */
export interface Identity {
  readonly name: string
  readonly organization: string | null
  /** The name by which its endpoint knows it. */
  readonly upstreamName?: string | null
}

/**
 * Words by which people know the makers and families of well-known models, so that a model registered as `gpt-x` is
 * recognised when it calls itself ChatGPT. A family is found by any of its words in the model's own names.
 */
const FAMILIES: readonly (readonly string[])[] = [
  ['gpt', 'chatgpt', 'openai'],
  ['claude', 'anthropic'],
  ['gemini', 'gemma', 'bard', 'google deepmind', 'google ai'],
  ['llama', 'meta ai', 'meta llama'],
  ['mistral', 'mixtral', 'le chat', 'mistral ai'],
  ['qwen', 'tongyi', 'alibaba cloud'],
  ['deepseek'],
  ['grok', 'xai'],
  ['command r', 'cohere'],
  ['phi', 'microsoft research'],
  ['gigachat', 'гигачат', 'sber', 'сбер'],
  ['yandexgpt', 'alice', 'яндекс gpt', 'yandex'],
  ['glm', 'chatglm', 'zhipu'],
  ['kimi', 'moonshot ai'],
  ['nemotron', 'nvidia'],
]

/** Words of families that are also everyday words or names: they only count as a claim about oneself. */
const EVERYDAY = new Set(['bard', 'phi', 'alice', 'command r', 'gemini', 'llama', 'mistral', 'sber', 'сбер', 'yandex'])

/** A family's word shorter than this is too often part of ordinary text. */
const MIN_NAME_LENGTH = 4
/** Shorter than this not even a claim is one: "I'm sure this will help us". */
const MIN_CLAIMED_LENGTH = 3

const SELF_CLAIM =
  /(?:\bi\s*(?:am|['’]m|was)\b|\bmy\s+name\s+is\b|\bcall\s+me\b|\bas\s+(?:an?\s+)?(?:ai|language\s+model|assistant)\b|\b(?:developed|created|trained|made|built)\s+by\b|(?<!\p{L})я\s*[—–-]|(?<!\p{L})меня\s+зовут|(?<!\p{L})(?:разработан|создан|обучен)\p{L}*|\bich\s+bin\b|\bje\s+suis\b|\bsoy\b|我是|私は)/gu
const CLAIM_CHARS = 120

/**
 * Whether an answer names its own model or maker, so that the person who read it was not blind. Text is compared after
 * compatibility normalisation, with look-alike letters mapped, invisible characters removed and separators ignored.
 * Detects what is written out; it cannot detect manners, acrostics or agreed watermarks.
 */
export function namesItself(text: string, identity: Identity): boolean {
  const { anywhere, inClaims } = tellingNames(identity)
  const plain = withoutTricks(text)
  if (mentions(squeeze(unifyLetters(plain)), anywhere)) return true
  return [...plain.matchAll(SELF_CLAIM)].some(({ index }) =>
    mentions(squeeze(unifyLetters(plain.slice(index, index + CLAIM_CHARS))), inClaims),
  )
}

function tellingNames({ name, organization, upstreamName }: Identity): { anywhere: string[]; inClaims: string[] } {
  const own = [name, upstreamName ?? '', organization ?? ''].map(letters).filter((word) => word !== '')
  const ownWords = [name, upstreamName ?? '', organization ?? ''].flatMap(wordsOf)
  const family = FAMILIES.filter((words) => words.some((word) => ownWords.includes(letters(word)))).flat()
  const everyday = new Set([...EVERYDAY].map(letters))
  // A single word may be an ordinary one ("Apple", "Research", "Test"); several words, digits or a known family are not.
  const telling = new Set([
    ...[name, upstreamName ?? '', organization ?? ''].filter(isTelling).map(letters),
    ...family.map(letters).filter((word) => [...word].length >= MIN_NAME_LENGTH),
  ])
  const names = [...new Set([...own, ...family.map(letters)])]
  return {
    anywhere: names.filter((word) => telling.has(word) && !everyday.has(word)),
    inClaims: names.filter((word) => word.length >= MIN_CLAIMED_LENGTH),
  }
}

/** Whether a name is unlikely to stand in a text by chance: of several words, or with a digit, and long enough. */
function isTelling(name: string): boolean {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  return letters(name).length >= MIN_NAME_LENGTH && (words.length > 1 || /\p{N}/u.test(name))
}

/** `GPT-4o mini` → gpt, 4, o, mini, and the same without their last parts, so that families of two words are found. */
function wordsOf(name: string): string[] {
  const words = unifyLetters(withoutTricks(name))
    .split(/[^\p{L}\p{N}]+|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u)
    .filter((word) => word !== '')
  return words.flatMap((word, index) => [word, word + (words[index + 1] ?? '')])
}

/** A text without its separators, and how many of them stood before each letter that is left. */
interface Squeezed {
  readonly letters: string
  readonly gaps: Uint8Array
}

/** More separators than this between two letters, and they belong to two words. */
const MAX_GAP = 3

function squeeze(text: string): Squeezed {
  const kept: string[] = []
  const gaps: number[] = []
  for (const [run, separators, word] of text.matchAll(/([^\p{L}\p{N}]*)([\p{L}\p{N}]*)/gu)) {
    if (run === '' || word === undefined || word === '') continue
    gaps.push(kept.length === 0 ? MAX_GAP : Math.min(255, separators?.length ?? 0))
    for (let index = 1; index < word.length; index += 1) gaps.push(0)
    kept.push(word)
  }
  return { letters: kept.join(''), gaps: Uint8Array.from(gaps) }
}

/** Whether one of the names stands in the text as a word of its own, its letters apart by at most a few separators. */
function mentions(text: Squeezed, names: readonly string[]): boolean {
  return names.some((name) => {
    for (let start = text.letters.indexOf(name); start >= 0; start = text.letters.indexOf(name, start + 1)) {
      if (standsAlone(text, start, start + name.length)) return true
    }
    return false
  })
}

function standsAlone({ gaps, letters }: Squeezed, start: number, end: number): boolean {
  if (start > 0 && gaps[start] === 0) return false
  if (end < letters.length && gaps[end] === 0) return false
  return gaps.subarray(start + 1, end).every((gap) => gap <= MAX_GAP)
}

function letters(text: string): string {
  return unifyLetters(withoutTricks(text)).replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Compatibility forms unfolded, invisible characters and combining marks gone, lower case. */
function withoutTricks(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Mn}]/gu, '')
    .toLowerCase()
}

/** Cyrillic and Greek letters that look like Latin ones, in two strings of the same length. */
const LOOKING = 'аеорсхукмтвніѕјԛԝοαεινρτκ'
const LATIN = 'aeopcxykmtbhisjqwoaeivptk'
const LOOK_ALIKES = new Map(Array.from(LOOKING, (letter, index) => [letter, LATIN[index] ?? letter] as const))

function unifyLetters(text: string): string {
  return text.replace(/[а-яіѕјԛԝα-ω]/gu, (letter) => LOOK_ALIKES.get(letter) ?? letter)
}
