const CANDIDATE = /(?<![\p{L}\p{N}_])\d(?:[ \u00a0-]?\d){12,40}(?![\p{L}\p{N}_])/gu
const LONGEST_CANDIDATE = 19
const SHORTEST_CANDIDATE = 13

/** First digits of the networks: Visa, Mastercard, Amex, Discover, JCB, Mir, UnionPay, Diners, Maestro. */
const NETWORK =
  /^(?:4|5[1-5]|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)|3[47]|6011|64[4-9]|65|352[89]|35[3-8]\d|220[0-4]|62|30[0-5]|3[689]|50|5[6-9]|6[37])/

/** Card numbers: right length, a network's first digits, right check digit; alone or among other numbers. */
export function maskCards(text: string, replacement: () => string): string {
  return text.replace(CANDIDATE, (candidate) => maskWithin(candidate, replacement))
}

/** The number may stand beside others, so every row of whole groups is tried, longest first. */
function maskWithin(candidate: string, replacement: () => string): string {
  const groups = [...candidate.matchAll(/\d+/g)]
  for (let first = 0; first < groups.length; first += 1) {
    for (let last = groups.length - 1; last >= first; last -= 1) {
      const from = groups[first]?.index ?? 0
      const end = groups[last]
      const to = end ? end.index + end[0].length : candidate.length
      if (!isCard(candidate.slice(from, to).replace(/\D/g, ''))) continue
      return candidate.slice(0, from) + replacement() + maskRest(candidate.slice(to), replacement)
    }
  }
  return candidate
}

function maskRest(rest: string, replacement: () => string): string {
  return rest.length < SHORTEST_CANDIDATE ? rest : maskWithin(rest, replacement)
}

function isCard(digits: string): boolean {
  if (digits.length < SHORTEST_CANDIDATE || digits.length > LONGEST_CANDIDATE) return false
  return NETWORK.test(digits) && hasCheckDigit(digits)
}

/** Luhn's check (ISO/IEC 7812-1, annex B). */
function hasCheckDigit(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = digit * 2
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
