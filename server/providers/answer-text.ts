import type { KeyFilter } from './secrets.ts'

/** Makes pieces of a model's text fit to be stored, sent and exported. What it gives out, joined, is well-formed. */
export interface TextCleaner {
  push(piece: string): string
  flush(): string
}

/** NUL, which stores cannot hold, and surrogates, which may be alone. Most pieces have neither. */
const SUSPECT = /[\0\ud800-\udfff]/
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const HIGH_SURROGATE_AT_END = /[\ud800-\udbff]$/

/** A character may be cut in two between two pieces: its first half waits for the second. */
export function createTextCleaner(filter: KeyFilter): TextCleaner {
  let half = ''

  const repair = (piece: string): string => {
    let text = half + piece
    half = ''
    if (!SUSPECT.test(text)) return text
    if (HIGH_SURROGATE_AT_END.test(text)) {
      half = text.slice(-1)
      text = text.slice(0, -1)
    }
    return text.replace(LONE_SURROGATE, '\ufffd').replaceAll('\0', '')
  }

  return {
    push: (piece) => filter.push(repair(piece)),
    flush: () => {
      const last = half === '' ? '' : '\ufffd'
      half = ''
      return filter.push(last) + filter.flush()
    },
  }
}

const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]/u

/** False for a text of which a reader would see nothing at all. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text)
}
