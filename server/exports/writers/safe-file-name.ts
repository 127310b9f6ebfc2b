/** Names that some systems keep for devices, with whatever extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
const LONGEST_BYTES = 100

/** A file name out of a text from anywhere: no path, no device, no option, no dot file, no surprise on any system. */
export function toSafeFileName(text: string, fallback = 'export'): string {
  const plain = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.\-_]+|[.\-_]+$/g, '')
  const short = cutBytes(plain, LONGEST_BYTES).replace(/[.\-_]+$/, '')
  if (short === '') return fallback
  return RESERVED.test(short) ? `${fallback}-${short}` : short
}

function cutBytes(text: string, most: number): string {
  let cut = ''
  let bytes = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > most) break
    cut += character
  }
  return cut
}

/** What a split may be called: it becomes a file name and a word in YAML as it is. */
export function isSplitName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name) && !RESERVED.test(name)
}
