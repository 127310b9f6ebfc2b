/** Where a link may lead and what must be said about it. */
export interface VettedLink {
  readonly href: string
  /** The host to show after the text, when the text could be taken for another address; else null. */
  readonly shownHost: string | null
}

const OPENABLE = new Set(['http:', 'https:', 'mailto:'])

/**
 * Decides about a link of an answer. Only absolute http, https and mail addresses can be opened: never a page of ours
 * (`ownOrigin`), never an address with a user name in front of its host. Undefined: show the text alone.
 */
export function vetLink(written: string, text: string, ownOrigin: string): VettedLink | undefined {
  const url = parseAbsolute(written)
  if (!url || !OPENABLE.has(url.protocol)) return undefined
  if (url.protocol === 'mailto:')
    return { href: url.href, shownHost: text.includes(url.pathname) ? null : url.pathname }
  if (url.origin === ownOrigin || url.username !== '' || url.password !== '') return undefined
  return { href: url.href, shownHost: isPlainlyAt(text, url) ? null : url.host }
}

/** The host of an address, to say where a picture would have come from; null when it is not on the web. */
export function webHost(written: string): string | null {
  const url = parseAbsolute(written)
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url.host : null
}

function parseAbsolute(written: string): URL | undefined {
  // The parser of addresses drops blanks and control bytes that a reader would not see: `java\tscript:`.
  if (/[\0-\x20\x7F-\x9F\\]/.test(written)) return undefined
  try {
    return new URL(written)
  } catch {
    return undefined
  }
}

/**
 * A text is honest when it names no address at all or names the host that it leads to; a file name is taken for an
 * address as well, since showing the host costs nothing. A host in another script than the plain Latin one is always
 * shown as the network sees it (`xn--…`), since it can look like a different one.
 */
function isPlainlyAt(text: string, url: URL): boolean {
  if (url.hostname.includes('xn--')) return false
  const address = parseAbsolute(text.trim())
  if (address) return address.host === url.host
  if (text.includes('://')) return false
  const names = text.normalize('NFKC').match(/[\p{L}\p{N}-]+(?:[.。][\p{L}\p{N}-]+)*[.。]\p{L}{2,}/gu) ?? []
  return names.every((name) => isHost(name.toLowerCase(), url.hostname))
}

function isHost(name: string, hostname: string): boolean {
  return name === hostname || `www.${name}` === hostname || name === `www.${hostname}`
}
