/** Control characters of either block, and what changes the direction of a line. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Text from data as one line of a terminal: what would move the cursor, colour or turn it around is spelled out. */
export function toTerminal(text: string): string {
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
