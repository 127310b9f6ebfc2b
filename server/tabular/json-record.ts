import type { ReadFault } from './read-fault.ts'

const MAX_DEPTH = 64

export type JsonResult = { readonly value: unknown; readonly fault: null } | { readonly fault: ReadFault }

/** Parses one record. Readers disagree about which of two equal keys wins, so a record that has them is refused. */
export function parseJsonRecord(text: string): JsonResult {
  const outline = outlineJson(text)
  if (outline.depth > MAX_DEPTH) {
    return refuse('bad_json', `expected at most ${MAX_DEPTH} levels of nesting, got more`)
  }
  const duplicate = findDuplicate(outline.keys)
  let value: unknown
  try {
    value = JSON.parse(withLongIntegersAsText(text, outline.longIntegers))
  } catch {
    return refuse('bad_json', `expected JSON, got ${outline.strangeWord ?? describeStart(text)}`)
  }
  if (duplicate !== undefined) {
    return { fault: { reason: 'duplicate_key', field: duplicate, message: 'expected each key once, got it twice' } }
  }
  return { value, fault: null }
}

function refuse(reason: 'bad_json', message: string): JsonResult {
  return { fault: { reason, field: 'record', message } }
}

function describeStart(text: string): string {
  const start = text.trim().slice(0, 40)
  return start === '' ? 'nothing' : JSON.stringify(start)
}

function findDuplicate(keys: readonly string[]): string | undefined {
  const seen = new Set<string>()
  for (const key of keys) {
    if (seen.has(key)) return key
    seen.add(key)
  }
  return undefined
}

interface JsonOutline {
  readonly depth: number
  /** Keys of the outermost object, decoded. */
  readonly keys: readonly string[]
  /** Start and end of integers that a JavaScript number cannot hold. */
  readonly longIntegers: readonly (readonly [number, number])[]
  /** A word that JSON does not have, such as NaN. */
  readonly strangeWord: string | undefined
}

const WORD = /[A-Za-z]+/y
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const MIN_LONG_DIGITS = 16

/** What JSON.parse does not tell, found in one pass that jumps over strings. The text may be anything. */
function outlineJson(text: string): JsonOutline {
  const keys: string[] = []
  const longIntegers: [number, number][] = []
  let depth = 0
  let deepest = 0
  let isKeyNext = false
  let strangeWord: string | undefined
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = findStringEnd(text, at)
      if (isKeyNext && depth === 1) keys.push(decodeKey(text.slice(at, end)))
      at = end
      continue
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1
      if (depth > deepest) deepest = depth
      if (deepest > MAX_DEPTH) break
      isKeyNext = depth === 1 && code === OPEN_BRACE
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1
    else if (code === COMMA) isKeyNext = depth === 1
    else if (code === COLON) isKeyNext = false
    else if (code === MINUS || (code >= DIGIT_0 && code <= DIGIT_9)) {
      at = notePlainNumber(text, at, longIntegers)
      continue
    } else if (isLetter(code)) {
      WORD.lastIndex = at
      const word = WORD.exec(text)?.[0] ?? ''
      if (!['true', 'false', 'null'].includes(word)) strangeWord ??= word
      at += Math.max(1, word.length)
      continue
    }
    at += 1
  }
  return { depth: deepest, keys, longIntegers, strangeWord }
}

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d]
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d]
const [DIGIT_0, DIGIT_9] = [0x30, 0x39]

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
}

/** Where the text goes on after the string that begins here. */
function findStringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1
    while (text.charCodeAt(before) === BACKSLASH) before -= 1
    // An even number of backslashes before a quote are escaped themselves.
    if ((quote - before) % 2 === 1) return quote + 1
  }
  return text.length
}

function decodeKey(json: string): string {
  if (!json.includes('\\')) return json.slice(1, -1)
  try {
    return String(JSON.parse(json))
  } catch {
    return json
  }
}

function notePlainNumber(text: string, at: number, longIntegers: [number, number][]): number {
  NUMBER.lastIndex = at
  const number = NUMBER.exec(text)?.[0]
  if (number === undefined) return at + 1
  const isLong = number.length >= MIN_LONG_DIGITS && /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number))
  if (isLong) longIntegers.push([at, at + number.length])
  return at + number.length
}

/** Such numbers are ids, or moments in nanoseconds: as text they keep every digit. */
function withLongIntegersAsText(text: string, places: readonly (readonly [number, number])[]): string {
  if (places.length === 0) return text
  let result = ''
  let done = 0
  for (const [start, end] of places) {
    result += `${text.slice(done, start)}"${text.slice(start, end)}"`
    done = end
  }
  return result + text.slice(done)
}
