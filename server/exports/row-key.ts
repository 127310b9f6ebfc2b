import { hash } from 'node:crypto'

/** Below this every character is its own normal form and no character is whitespace of another script. */
const NEEDS_NORMALISING = /[\u0300-\uffff]/

/**
 * What makes two rows the same: their texts in normal form C without outer whitespace. The lengths in front keep
 * `["ab", "c"]` apart from `["a", "bc"]`. 64 hex digits; the first 16 are the row's id.
 */
export function rowKey(texts: readonly string[]): string {
  const parts = texts.map(normalise)
  return hash('sha256', `${parts.map(({ length }) => length).join(':')}\n${parts.join('')}`)
}

export function normalise(text: string): string {
  return (NEEDS_NORMALISING.test(text) ? text.normalize('NFC') : text).trim()
}

export function rowId(key: string): string {
  return key.slice(0, 16)
}
