/**
 * Cues are written as plain phrases: `~` stands for the rest of a word (`integr~` finds "integral" and "integration") or
 * for a whole one, and `|`, `?`, `( )` keep their meaning from regular expressions. They match whole words in every
 * script, which `\b` does not: for it a Cyrillic letter is no letter. A space is exactly one space or line break, as
 * `readPrompt` leaves them: with more, a long run of spaces could be split among several words in too many ways.
 */
const BEFORE = '(?<![\\p{L}\\p{N}_])'
const AFTER = '(?![\\p{L}\\p{N}_])'

export function anywhere(...cues: readonly string[]): RegExp {
  return new RegExp(`${BEFORE}(?:${cues.map(toPattern).join('|')})${AFTER}`, 'u')
}

export function atStart(...cues: readonly string[]): RegExp {
  return new RegExp(`^(?:${cues.map(toPattern).join('|')})${AFTER}`, 'u')
}

function toPattern(cue: string): string {
  return cue
    .replace(/\((?!\?)/g, '(?:')
    .replaceAll(' ', '\\s')
    .replaceAll('~', "[\\p{L}\\p{N}'-]*")
}
