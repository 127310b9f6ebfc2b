import type { RawData } from 'ws'

/** The text of one message, in whichever of its forms `ws` gives it. */
export function messageText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}
