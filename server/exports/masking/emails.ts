/** Longest local part of an address (RFC 5321 §4.5.3.1); a longer run before an `@` is something else. */
const LONGEST_LOCAL = 64

const LATIN_ATOM = /[A-Za-z0-9._%+'\u00c0-\u024f-]/
const CYRILLIC_ATOM = /[A-Za-z0-9._%+'\u0400-\u04ff-]/
const ASCII_DOMAIN = /(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}(?:xn--[A-Za-z0-9-]{2,59}|[A-Za-z]{2,24})/y
const CYRILLIC_DOMAIN = /(?:[\u0400-\u04ff\d](?:[\u0400-\u04ff\d-]{0,62})\.){1,8}[\u0400-\u04ff]{2,24}/y

/**
 * Addresses around each `@`: no expression has to try every start, so a long text without addresses costs nothing.
 * Latin and Cyrillic ones; text of another script right beside an address stays.
 */
export function maskEmails(text: string, replacement: () => string): string {
  let masked = ''
  let done = 0
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const start = findLocalStart(text, at, done)
    const end = findDomainEnd(text, at + 1)
    if (start === at || end === undefined || isRepository(text, start, at, end)) continue
    masked += text.slice(done, start) + replacement()
    done = end
  }
  return done === 0 ? text : masked + text.slice(done)
}

function findLocalStart(text: string, at: number, from: number): number {
  const atom = /[\u0400-\u04ff]/.test(text[at - 1] ?? '') ? CYRILLIC_ATOM : LATIN_ATOM
  const earliest = Math.max(from, at - LONGEST_LOCAL)
  let start = at
  while (start > earliest && atom.test(text[start - 1] ?? '')) start -= 1
  // Quotes and dots around an address belong to the sentence.
  while (start < at && /['.-]/.test(text[start] ?? '')) start += 1
  return start
}

function findDomainEnd(text: string, from: number): number | undefined {
  for (const domain of [ASCII_DOMAIN, CYRILLIC_DOMAIN]) {
    domain.lastIndex = from
    if (domain.test(text)) return domain.lastIndex
  }
  return undefined
}

/** `git@host.example:owner/name` is where code lies, not whom to write to. */
function isRepository(text: string, start: number, at: number, end: number): boolean {
  return text.slice(start, at) === 'git' && /^:[\w~/]/.test(text.slice(end, end + 2))
}
