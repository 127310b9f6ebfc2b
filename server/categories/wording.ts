/**
 * Cues are written as plain phrases, with `|` or a line break between two: `~` stands for the rest of a word (`integr~` finds "integral" and "integration") or
 * for a whole one, and `|`, `?`, `( )` keep their meaning from regular expressions. They match whole words in every
 * script, which `\b` does not: for it a Cyrillic letter is no letter. A space is exactly one space or line break, as
 * `readPrompt` leaves them: with more, a long run of spaces could be split among several words in too many ways.
 */
const BEFORE = '(?<![\\p{L}\\p{N}_])'
const AFTER = '(?![\\p{L}\\p{N}_])'

export function anywhere(cues: TemplateStringsArray, ...parts: readonly string[]): RegExp {
  return new RegExp(`${BEFORE}(?:${cuePattern(cues, ...parts)})${AFTER}`, 'u')
}

export function atStart(cues: TemplateStringsArray, ...parts: readonly string[]): RegExp {
  return new RegExp(`^(?:${cuePattern(cues, ...parts)})${AFTER}`, 'u')
}

/** The source of a regular expression for cues that are a part of something larger. */
export function cuePattern(cues: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw(cues, ...parts)
    .trim()
    .replace(/\n\s*/g, '|')
    .replace(/(?<!\\)\((?!\?)/g, '(?:')
    .replaceAll(' ', '\\s')
    .replaceAll('~', "[\\p{L}\\p{N}'-]*")
}
