/**
 * How much of an answer is read and drawn at once. Real answers stay far below; what lies above is held back behind a
 * control or shown as it was written, so that no answer can hold up the page. Times were measured with every hostile
 * pattern of tests/web/markdown-corpus.ts; see docs/markdown.md.
 */
export const LIMITS = {
  /** Characters that one update reads; a longer text is read over several frames. */
  feedChars: 6_000,
  /** Characters of an answer that are read as Markdown at all. */
  answerChars: 200_000,
  /** A block that has not ended after so many characters is ended here. */
  openBlockChars: 12_000,
  /** Characters of one run of inline text that are read together. */
  inlineChars: 2_500,
  /** Over this length a run in which every fourth character is a mark of Markdown is a flood and no prose. */
  denseChars: 400,
  /** Quotes and lists inside each other. */
  depth: 8,
  tableColumns: 40,
  tableRows: 100,
  /** Top-level blocks drawn before "show the rest". */
  blocks: 2_000,
  /** Characters of code, of a held-back table or of other plain text drawn before "show the rest". */
  plainChars: 20_000,
  /** Longer code is not coloured. */
  colouredChars: 40_000,
  /** A formula that is longer, or nested more deeply, is shown as its source. */
  formulaChars: 1_000,
  formulaDepth: 30,
  /** Formulas in one answer. */
  formulas: 400,
} as const
