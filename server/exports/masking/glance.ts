/** What a text holds that a rule could be about. Most texts hold none of it. */
export interface Glance {
  readonly any: boolean
  readonly at: boolean
  /** Seven digits with no more than separators between them. */
  readonly digits: boolean
  /** Digits with three dots among them, or a word with two colons. */
  readonly dottedOrColons: boolean
  /** A word with a digit, as long as the shortest key. */
  readonly longWord: boolean
  /** Letters and digits in one word, as passwords have them. */
  readonly mixedWord: boolean
}

type Seen = { -readonly [fact in keyof Glance]: Glance[fact] }

/**
 * A digit that a rule could be about: with six more behind it, with two dots among digits, or beside a letter or a sign
 * in one word. Dates, years, amounts and counts, which is what prose has, are none.
 */
const SUSPICIOUS =
  /\d(?:[A-Za-z_+/=:!#$%&*?^~-]|(?<=[A-Za-z_+/=:!#$%&*?^~.-]\d)|\.\d{1,3}\.\d|(?:[ \u00a0\u202f().–-]{0,3}\d){6})/
const DIGIT = /\d/g
const NUMBER = /\d(?:[ \u00a0\u202f().–-]{0,3}\d){6}/y
const DOTTED = /\d{1,3}(?:\.\d{1,3}){3}/y
const LONG_WORD = 15
const MIXED_WORD = 6
/** So far around a digit its word is looked at; longer ones are long all the same. */
const REACH = 64

const NOTHING: Glance = {
  any: false,
  at: false,
  digits: false,
  dottedOrColons: false,
  longWord: false,
  mixedWord: false,
}
const ONLY_AT: Glance = { ...NOTHING, any: true, at: true }

const NOT_IN_WORD = 0
const SIGN = 1
const DIGIT_OR_COLON = 2
const LETTER = 3
const KINDS = wordCharacters()

/**
 * Everything but an address of e-mail has a digit in it, and prose has few digits. Most texts are done with one search;
 * in the others the runs of digits are visited one after another, and what stands around each is looked at.
 */
export function glance(text: string): Glance {
  const at = text.includes('@')
  if (!SUSPICIOUS.test(text)) return at ? ONLY_AT : NOTHING
  const seen: Seen = { ...NOTHING, any: at, at }
  DIGIT.lastIndex = 0
  while (DIGIT.test(text)) {
    const start = DIGIT.lastIndex - 1
    lookAtWord(text, start, seen)
    seen.digits ||= isAt(NUMBER, text, start)
    seen.dottedOrColons ||= isAt(DOTTED, text, start)
    DIGIT.lastIndex = endOfDigits(text, start)
  }
  seen.any ||= seen.digits || seen.dottedOrColons || seen.longWord || seen.mixedWord
  return seen
}

function isAt(shape: RegExp, text: string, place: number): boolean {
  shape.lastIndex = place
  return shape.test(text)
}

function endOfDigits(text: string, start: number): number {
  let end = start + 1
  while (text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) end += 1
  return end
}

/** The word around a digit: how long it is, and whether letters and colons are in it. */
function lookAtWord(text: string, place: number, seen: Seen): void {
  let start = place
  while (start > 0 && place - start < REACH && kindAt(text, start - 1) !== NOT_IN_WORD) start -= 1
  let letters = 0
  let colons = 0
  let end = start
  for (; end - place < REACH; end += 1) {
    const kind = kindAt(text, end)
    if (kind === NOT_IN_WORD) break
    if (kind === LETTER) letters += 1
    else if (text.charCodeAt(end) === 0x3a) colons += 1
  }
  if (end - start >= LONG_WORD) seen.longWord = true
  if (end - start >= MIXED_WORD && letters > 0) seen.mixedWord = true
  if (colons >= 2) seen.dottedOrColons = true
}

function kindAt(text: string, place: number): number {
  const code = text.charCodeAt(place)
  return code < 128 ? (KINDS[code] ?? NOT_IN_WORD) : NOT_IN_WORD
}

/** What keys, passwords and addresses are written with. */
function wordCharacters(): Uint8Array {
  const kinds = new Uint8Array(128)
  const mark = (characters: string, kind: number) => {
    for (const character of characters) kinds[character.charCodeAt(0)] = kind
  }
  mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', LETTER)
  mark('0123456789:', DIGIT_OR_COLON)
  mark('_.+/=-!#$%&*?^~@', SIGN)
  return kinds
}
