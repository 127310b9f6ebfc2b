/**
 * The one place that knows the keys of model endpoints and how to hide them. Whatever came near an endpoint passes
 * through `mask` before it reaches a log, the store or a metric, and through a `KeyFilter` before it reaches a browser.
 */
export interface KeyRing {
  /** The key in this environment variable; null when there is none to send. */
  find(variable: string | null): string | null
  /** Hides every configured key, in plain, URL and base64 form, and whatever has the shape of a key. For operators' texts. */
  mask(text: string): string
  /** Hides configured keys in a text that arrives in pieces, and nothing else: an answer may well show a sample key. */
  openFilter(): KeyFilter
}

/** Gives text on as it comes, except that the beginning of what may become a key is held back until it is decided. */
export interface KeyFilter {
  push(text: string): string
  flush(): string
}

const MASK = '[key]'

/** Shorter values are place holders such as "none" and would be found in ordinary words. */
const SHORTEST_KEY = 8

/** Keys by shape: known prefixes, bearer and query parameters, JSON web tokens, credentials in a URL. */
const KEY_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|pk|rk|gsk|xai|hf|r8|ghp|gho|github_pat|glpat|xox[abp]|nvapi|pplx|csk)[-_][A-Za-z0-9_\-.*]{6,}/g, MASK],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, MASK],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g, MASK],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g, MASK],
  [/\b(bearer|basic)\s+[A-Za-z0-9+/_\-.=~]{6,}/gi, `$1 ${MASK}`],
  [/\b((?:api[-_]?key|access[-_]?token|token|secret|password)["']?\s*[=:]\s*["']?)[^\s"'&,;]{6,}/gi, `$1${MASK}`],
  [/(\/\/)[^/\s@]+@/g, `$1${MASK}@`],
]

/** Variables that hold a secret by their name: they are hidden from the start, also those that no model refers to. */
const SECRET_VARIABLE = /(^|_)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD)$/i

/** Reads keys from `environment`; other variables become known as keys when they are asked for. */
export function createKeyRing(environment: Readonly<Record<string, string | undefined>>): KeyRing {
  const known = new Set<string>()
  const keys = (): string[] => [...known].toSorted((one, other) => other.length - one.length)

  const find = (variable: string | null): string | null => {
    // Files and shells often leave a line break behind; no header may hold one.
    const key = variable === null ? undefined : environment[variable]?.trim()
    if (key === undefined || key === '') return null
    if (key.length >= SHORTEST_KEY) known.add(key)
    return key
  }
  for (const variable of Object.keys(environment)) if (SECRET_VARIABLE.test(variable)) find(variable)

  return {
    find,
    mask: (text) => {
      let masked = text
      for (const key of keys()) for (const form of toForms(key)) masked = masked.replaceAll(form, MASK)
      for (const [shape, replacement] of KEY_SHAPES) masked = masked.replace(shape, replacement)
      return masked
    },
    openFilter: () => createKeyFilter(keys().filter(looksSecret)),
  }
}

function toForms(key: string): string[] {
  return [
    ...new Set([key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1), Buffer.from(key).toString('base64')]),
  ]
}

/** Keeps words such as "lm-studio" or "not-needed", set where a server wants any key at all, out of answers' way. */
function looksSecret(key: string): boolean {
  return key.length >= 20 || /\d/.test(key)
}

/** So many characters of a possible key go out at once: they give nothing away and words do not hang on their last letter. */
const FREE_CHARS = 3

function createKeyFilter(keys: readonly string[]): KeyFilter {
  /** The end of what came so far that begins a key; its first `released` characters were given on already. */
  let tail = ''
  let released = 0

  const push = (text: string): string => {
    if (keys.length === 0) return text
    let rest = tail + text
    let out = ''
    for (let found = findFirstKey(rest, keys); found !== undefined; found = findFirstKey(rest, keys)) {
      out += rest.slice(Math.min(released, found.at), found.at) + MASK
      rest = rest.slice(found.at + found.length)
      released = 0
    }
    const begun = longestBeginning(rest, keys)
    const beginsAt = rest.length - begun
    const free = Math.min(begun, FREE_CHARS)
    out += rest.slice(released, beginsAt + free)
    released = free
    tail = rest.slice(beginsAt)
    return out
  }

  return {
    push,
    flush: () => {
      const rest = tail.slice(released)
      tail = ''
      released = 0
      return rest
    },
  }
}

function findFirstKey(text: string, keys: readonly string[]): { at: number; length: number } | undefined {
  let first: { at: number; length: number } | undefined
  for (const key of keys) {
    const at = text.indexOf(key)
    if (at >= 0 && (first === undefined || at < first.at)) first = { at, length: key.length }
  }
  return first
}

/** Length of the longest end of `text` with which some key begins. */
function longestBeginning(text: string, keys: readonly string[]): number {
  let longest = 0
  for (const key of keys) {
    const most = Math.min(text.length, key.length - 1)
    for (let length = most; length > longest; length -= 1) {
      if (key.startsWith(text.slice(text.length - length))) longest = length
    }
  }
  return longest
}
