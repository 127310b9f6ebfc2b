/** What not every engine can keep in a text, or keeps in a way of its own: U+0000 and halves of surrogate pairs. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu

/** A text as it will be read back; what cannot be stored becomes U+FFFD, the same on every engine. */
export function toStoredText(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD')
}

export function toStoredTextOrNull(text: string | null): string | null {
  return text === null ? null : toStoredText(text)
}

/** Cuts a list into pieces that fit into one statement, whose number of parameters is bounded. */
export function* inChunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
