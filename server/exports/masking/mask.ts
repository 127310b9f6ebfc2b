import { maskCards } from './cards.ts'
import { maskEmails } from './emails.ts'
import { maskAddresses } from './ip-addresses.ts'
import { maskPhones } from './phones.ts'
import { maskPasswords, maskSecrets } from './secrets.ts'
import { glance } from './glance.ts'

export const MASKED_KINDS = ['email', 'phone', 'card', 'ip', 'key'] as const
export type MaskedKind = (typeof MASKED_KINDS)[number]
export type MaskedCounts = { [kind in MaskedKind]?: number }

/** More rounds than this are never needed: each one leaves fewer characters that a rule could look at. */
const MOST_ROUNDS = 10

/**
 * Replaces what identifies a person or opens a door: `[EMAIL] [PHONE] [CARD] [IP] [KEY]`. The rules are listed in
 * docs/export.md. A masked text is masked to itself: rules run until none finds anything, because what one rule takes
 * away may uncover something for another.
 */
export function mask(text: string, counts: MaskedCounts = {}): string {
  let masked = text
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = masked
    masked = maskOnce(before, counts)
    if (masked === before) return masked
  }
  return masked
}

/** Secrets first, as they may look like anything; phones last, as they look like any number. */
function maskOnce(text: string, counts: MaskedCounts): string {
  const seen = glance(text)
  if (!seen.any) return text
  let masked = text
  if (seen.longWord) masked = maskSecrets(masked, () => note(counts, 'key'))
  if (seen.mixedWord) masked = maskPasswords(masked, () => note(counts, 'key'))
  if (seen.at) masked = maskEmails(masked, () => note(counts, 'email'))
  if (seen.digits) masked = maskCards(masked, () => note(counts, 'card'))
  if (seen.dottedOrColons) masked = maskAddresses(masked, () => note(counts, 'ip'))
  if (seen.digits) masked = maskPhones(masked, () => note(counts, 'phone'))
  return masked
}

/** Says the replacement and counts it. */
function note(counts: MaskedCounts, kind: MaskedKind): string {
  counts[kind] = (counts[kind] ?? 0) + 1
  return `[${kind.toUpperCase()}]`
}

export function addCounts(sum: MaskedCounts, more: MaskedCounts): void {
  for (const kind of MASKED_KINDS) {
    const count = more[kind] ?? 0
    if (count > 0) sum[kind] = (sum[kind] ?? 0) + count
  }
}
