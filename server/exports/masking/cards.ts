/** As they are printed and typed: unbroken, in fours with up to three digits more, or 4-6-5 and 4-6-4. */
const CANDIDATE =
  /(?<![\p{L}\p{N}_])(?:\d{13,19}|\d{4}([ \u00a0-])\d{6}\1\d{4,5}|(\d{4}([ \u00a0-])\d{4}\3\d{4}\3\d{4})(\3\d{1,3})?)(?![\p{L}\p{N}_])/gu

/** First digits of the networks: Visa, Mastercard, Amex, Discover, JCB, Mir, UnionPay, Diners, Maestro. */
const NETWORK =
  /^(?:4|5[1-5]|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)|3[47]|6011|64[4-9]|65|352[89]|35[3-8]\d|220[0-4]|62|30[0-5]|3[689]|50|5[6-9]|6[37])/

/** Card numbers: right form and length, a network's first digits, right check digit. */
export function maskCards(text: string, replacement: () => string): string {
  return text.replace(
    CANDIDATE,
    (candidate: string, _gap: string, fours: string | undefined, _fourGap: string, more: string | undefined) => {
      if (isCard(candidate)) return replacement()
      // What follows the fours may be another number: a code, a year.
      return fours !== undefined && more !== undefined && isCard(fours) ? replacement() + more : candidate
    },
  )
}

function isCard(candidate: string): boolean {
  const digits = candidate.replace(/\D/g, '')
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
