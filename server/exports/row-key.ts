import { hash } from 'node:crypto'

/**
 * Anything but what is in normal form C whatever stands beside it: Latin, Cyrillic, general punctuation, Chinese
 * characters (Unicode, DerivedNormalizationProps: NFC_Quick_Check=Yes, combining class 0).
 */
const NEEDS_NORMALISING =
  /[^\u0000-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u205e\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]/

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
