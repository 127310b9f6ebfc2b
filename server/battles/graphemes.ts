const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Scripts in which every UTF-16 unit is a character of its own: Latin, Greek, Cyrillic and Armenian without marks. */
const ONE_UNIT_EACH = /^[\u0000-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*$/

/** Cuts a text after at most `count` characters as a person counts them, never inside one. */
export function takeGraphemes(text: string, count: number): { taken: string; rest: string; graphemes: number } {
  if (ONE_UNIT_EACH.test(text)) {
    return { taken: text.slice(0, count), rest: text.slice(count), graphemes: Math.min(count, text.length) }
  }
  let graphemes = 0
  let end = 0
  for (const { segment, index } of segmenter.segment(text)) {
    if (graphemes === count) break
    graphemes += 1
    end = index + segment.length
  }
  return { taken: text.slice(0, end), rest: text.slice(end), graphemes }
}
