/** What a text holds that a rule could be about. Most texts hold none of it, and one look at each character says so. */
export interface Glance {
  readonly any: boolean
  readonly at: boolean
  /** Seven digits with no more than separators between them. */
  readonly digits: boolean
  /** Three dots among digits, or two colons among hexadecimal digits. */
  readonly dottedOrColons: boolean
  /** As many characters in a row, of those that keys are made of, as the shortest key has. */
  readonly longWord: boolean
  /** Letters and digits in one word, as passwords have them. */
  readonly mixedWord: boolean
}

const OTHER = 0
const DIGIT = 1
const HEX_LETTER = 2
const LETTER = 3
const DASH = 4
const UNDERSCORE = 5
const DOT = 6
const COLON = 7
const SEPARATOR = 8
const AT = 9
const SYMBOL = 10

const CLASSES = classifyAscii()
const LONG_WORD = 15
const MIXED_WORD = 6
const SHORTEST_NUMBER = 7
const MOST_SEPARATORS = 3

export function glance(text: string): Glance {
  let at = false
  let digits = false
  let dottedOrColons = false
  let longWord = false
  let mixedWord = false
  let word = 0
  let wordDigits = 0
  let number = 0
  let gap = 0
  let dots = 0
  let colons = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const kind = code < 128 ? CLASSES[code] : code === 0xa0 || code === 0x202f || code === 0x2013 ? SEPARATOR : OTHER
    if (kind === DIGIT) {
      number += 1
      gap = 0
      word += 1
      wordDigits += 1
      if (word >= MIXED_WORD && wordDigits < word) mixedWord = true
      if (number >= SHORTEST_NUMBER) digits = true
      if (word >= LONG_WORD) longWord = true
      continue
    }
    if (
      kind === LETTER ||
      kind === HEX_LETTER ||
      kind === DASH ||
      kind === UNDERSCORE ||
      kind === DOT ||
      kind === SYMBOL
    ) {
      word += 1
      if (word >= LONG_WORD) longWord = true
      if (wordDigits > 0 && word >= MIXED_WORD) mixedWord = true
    } else {
      word = 0
      wordDigits = 0
    }
    if (kind === DASH || kind === DOT || kind === SEPARATOR) {
      gap += 1
      if (gap > MOST_SEPARATORS) number = 0
    } else number = 0
    if (kind === DOT) {
      dots += 1
      if (dots >= 3) dottedOrColons = true
    } else dots = 0
    if (kind === COLON) {
      colons += 1
      if (colons >= 2) dottedOrColons = true
    } else if (kind !== HEX_LETTER) colons = 0
    if (kind === AT) at = true
  }
  return {
    any: at || digits || dottedOrColons || longWord || mixedWord,
    at,
    digits,
    dottedOrColons,
    longWord,
    mixedWord,
  }
}

function classifyAscii(): Uint8Array {
  const classes = new Uint8Array(128)
  const mark = (characters: string, kind: number) => {
    for (const character of characters) classes[character.charCodeAt(0)] = kind
  }
  mark('ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ', LETTER)
  mark('abcdefABCDEF', HEX_LETTER)
  mark('0123456789', DIGIT)
  mark('-', DASH)
  mark('_', UNDERSCORE)
  mark('.', DOT)
  mark(':', COLON)
  mark('+/=', SYMBOL)
  mark(' ()', SEPARATOR)
  mark('@', AT)
  return classes
}
