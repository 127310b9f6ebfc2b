/** A prompt taken apart into what the person says and what the person hands over. */
export interface PromptText {
  /** As written, without what lies between the head and the tail of a very long prompt. */
  readonly written: string
  /** What is said, for cues: without code and longer quotations, in lower case, ё as е, all quotes and dashes alike. */
  readonly said: string
  /** The first and the last sentences of `said`: where people put what they want. A pasted text lies between them. */
  readonly requests: readonly string[]
  /** Fenced code, each piece without its fence. */
  readonly code: readonly string[]
  /** Something to work on came along: code, a quotation or a paragraph of its own. */
  readonly hasMaterial: boolean
}

/** Cues stand at the beginning or at the end; reading all of a pasted book would cost much and tell little. */
const HEAD_CHARS = 4000
const TAIL_CHARS = 1500
const FENCE = /```[^\n`]*\n?([\s\S]*?)(?:```|$)/g
const LONG_QUOTATION = /"[^"\n]{25,}"/g
const SENTENCE_END = /(?<=[.!?…]["')]?)\s+|(?<=[。！？])|\n+/u
const MATERIAL_PARAGRAPH_WORDS = 12

export function readPrompt(prompt: string): PromptText {
  const written = cutMiddle(prompt.normalize('NFC').replaceAll('\r\n', '\n').trim())
  const code: string[] = []
  const prose = written.replace(FENCE, (_, inside: string) => {
    code.push(inside)
    return '\n'
  })
  const levelled = level(prose)
  const said = levelled.replace(LONG_QUOTATION, '""')
  return {
    written,
    said,
    requests: pickRequests(said),
    code,
    hasMaterial: code.length > 0 || said !== levelled || hasParagraphOfItsOwn(prose),
  }
}

function cutMiddle(text: string): string {
  if (text.length <= HEAD_CHARS + TAIL_CHARS) return text
  return `${text.slice(0, HEAD_CHARS)}\n${text.slice(-TAIL_CHARS)}`
}

/** Spellings that mean the same look the same. */
function level(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/[–—−]/g, '-')
    .replace(/\s*\n\s*/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
}

function pickRequests(said: string): string[] {
  const sentences = said
    .split(SENTENCE_END)
    .map((sentence) => sentence.trim())
    .filter(Boolean)
  return sentences.length <= 7 ? sentences : [...sentences.slice(0, 4), ...sentences.slice(-3)]
}

function hasParagraphOfItsOwn(prose: string): boolean {
  return prose
    .split(/\n\s*\n/)
    .some((paragraph, index) => index > 0 && countWords(paragraph) >= MATERIAL_PARAGRAPH_WORDS)
}

export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0
}
