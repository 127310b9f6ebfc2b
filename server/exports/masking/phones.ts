/** At most this between two digits of a number. */
const GAP = '[ \\u00a0\\u202f().–-]{0,3}'
const NOT_WITHIN = '(?<![\\p{L}\\p{N}_+.,/=–-])'
const NOT_FURTHER = '(?![\\p{L}\\p{N}_]|[.,/–-]\\d)'

function digits(count: string): string {
  return `(?:${GAP}\\d){${count}}`
}

const PHONES: readonly RegExp[] = [
  // With a country code. Those of one length are taken with that length, so that a number behind them stays.
  `(?<![\\p{L}\\p{N}_+=])\\+[17]${digits('10')}${NOT_FURTHER}`,
  `(?<![\\p{L}\\p{N}_+=])\\+(?![17])[1-9]${digits('8,13')}${NOT_FURTHER}`,
  `(?<![\\p{L}\\p{N}_+.,=])(?<!\\d )00[1-9]${digits('9,13')}${NOT_FURTHER}`,
  // Russia, with the trunk prefix: 8 (912) 345-67-89, 8-800-555-35-35, 89123456789.
  `${NOT_WITHIN}8[ \\u00a0-]?\\(?[3489]\\d{2}\\)?[ \\u00a0-]?\\d{3}[ \\u00a0-]?\\d{2}[ \\u00a0-]?\\d{2}${NOT_FURTHER}`,
  `${NOT_WITHIN}7[ \\u00a0-]?\\(?9\\d{2}\\)?[ \\u00a0-]?\\d{3}[ \\u00a0-]?\\d{2}[ \\u00a0-]?\\d{2}${NOT_FURTHER}`,
  `${NOT_WITHIN}\\([3489]\\d{2,4}\\)[ \\u00a0]?\\d{1,3}[ \\u00a0-]\\d{2}[ \\u00a0-]\\d{2}${NOT_FURTHER}`,
  // North America: (415) 555-2671, 415-555-2671, 415.555.2671.
  `${NOT_WITHIN}(?:1[ .-])?(?:\\([2-9]\\d{2}\\)[ -]?|[2-9]\\d{2}[.-])[2-9]\\d{2}[ .-]\\d{4}${NOT_FURTHER}`,
  // Elsewhere, with an area code that begins with 0, or the five pairs of France.
  `${NOT_WITHIN}(?<!\\d )0\\d{2,4}[ /-]\\d{3,4}[ -]?\\d{3,4}${NOT_FURTHER}`,
  `${NOT_WITHIN}\\(0\\d{2,4}\\)[ \\u00a0]?\\d{3,4}[ \\u00a0-]?\\d{3,4}${NOT_FURTHER}`,
  `${NOT_WITHIN}0[1-9](?:[ .]\\d{2}){4}${NOT_FURTHER}`,
].map((source) => new RegExp(source, 'gu'))

/** A word that announces a number; then even a short or unusual one is taken. */
const ANNOUNCED = new RegExp(
  '(?<![\\p{L}\\p{N}_])((?:phone|telephone|tel|mobile|cell|whatsapp|viber|fax|(?:call|text|ring|reach) (?:me|us|him|her|them)|' +
    'телефон\\p{L}*|тел|моб|мобильн\\p{L}+|сотов\\p{L}+|факс\\p{L}*|вацап\\p{L}*|ватсап\\p{L}*|звони\\p{L}*|позвони\\p{L}*|набери\\p{L}*)' +
    '(?:[ .,:]+(?:number|is|no|at|on|me|us|номер\\p{L}*|мне|нам|по|на|мой|наш|это)){0,3}[ .,:—–#№-]{0,4})' +
    `(\\(?\\d${digits('5,12')})${NOT_FURTHER}`,
  'giu',
)
const SHORTEST_ANNOUNCED = 6

export function maskPhones(text: string, replacement: () => string): string {
  let masked = text
  for (const phone of PHONES) masked = masked.replace(phone, replacement)
  return masked.replace(ANNOUNCED, (whole: string, words: string, number: string) =>
    number.replace(/\D/g, '').length >= SHORTEST_ANNOUNCED ? words + replacement() : whole,
  )
}
