import {
  Hooks,
  Lexer,
  type MarkedOptions,
  type Token,
  Tokenizer,
  type TokenizerExtensionFunction,
  type Tokens,
} from 'marked'
import { formulaAt, formulaBlock, maskFormulas, openFormulaBlock } from './formula-syntax.ts'
import { LIMITS } from './markdown-limits.ts'

/** Tokens of ours beside those of marked. */
export interface FormulaToken {
  readonly type: 'formula'
  readonly raw: string
  readonly tex: string
  readonly display: boolean
  /** Its end has not been written yet. */
  readonly open: boolean
}
export interface NoteRefToken {
  readonly type: 'note-ref'
  readonly raw: string
  readonly label: string
}
export interface NoteToken {
  readonly type: 'note'
  readonly raw: string
  readonly label: string
  readonly tokens: Token[]
}

/** What follows the rows that are laid out, as it was written. */
const restOfTable = new WeakMap<Token, string>()
export const heldBackRows = (table: Token): string => restOfTable.get(table) ?? ''

/**
 * marked's tokenizer without raw HTML (what looks like a tag stays text), with a bound on nesting and on tables, and
 * with text and addresses found by patterns that take linear time.
 */
class AnswerTokenizer extends Tokenizer {
  private depth = 0

  override html(): undefined {}
  override tag(): undefined {}

  override blockquote(src: string) {
    return this.nested(() => super.blockquote(src))
  }

  override list(src: string) {
    return this.nested(() => super.list(src))
  }

  /** One tilde is an approximation (`~20`) far more often than a deletion. */
  override del(src: string, maskedSrc: string, prevChar?: string) {
    return src.startsWith('~~') ? super.del(src, maskedSrc, prevChar) : undefined
  }

  override table(src: string) {
    const head = /^[^\n]*\n[ \t|:-]*/.exec(src)?.[0] ?? ''
    const pipes = head.split('|').length
    if (pipes < 2 || pipes > 2 * (LIMITS.tableColumns + 2)) return undefined
    const { laidOut, rest } = splitTable(src)
    const table = super.table(laidOut)
    // Only a table that took every line it was offered can have more of them below.
    if (!table || rest === '' || table.raw.trimEnd() !== laidOut.trimEnd()) return table
    table.raw = laidOut + rest
    restOfTable.set(table, rest)
    return table
  }

  override url(src: string): Tokens.Link | undefined {
    const written = /^https?:\/\/[^\s<>`"“”«»|]+/i.exec(src)?.[0]
    if (written === undefined) return undefined
    const raw = withoutEnd(written)
    return { type: 'link', raw, text: raw, href: raw, autolink: true, tokens: [{ type: 'text', raw, text: raw }] }
  }

  override inlineText(src: string): Tokens.Text | undefined {
    const raw = TEXT.exec(src)?.[0]
    return raw === undefined ? undefined : { type: 'text', raw, text: raw, escaped: false }
  }

  private nested<T>(read: () => T): T | undefined {
    if (this.depth >= LIMITS.depth) return undefined
    this.depth += 1
    try {
      return read()
    } finally {
      this.depth -= 1
    }
  }
}

/**
 * Text up to the next character that could mean something. An underscore between letters or digits never does, nor
 * does a `!` without a bracket.
 */
const TEXT =
  /^(?:`+|[\s\S])(?:[^\\<![`*~_$ hH]|!(?!\[)| (?! ?\n)|(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}])|h(?!ttps?:\/\/)|H(?!TTPS?:\/\/))*/u

/** Punctuation at the end of an address belongs to the sentence, and so does a bracket that it did not open. */
function withoutEnd(address: string): string {
  let end = address.length
  while (end > 0) {
    const last = address.charAt(end - 1)
    if (/[?!.,:;*_~'’)\]}]/.test(last) && !(last === ')' && opens(address.slice(0, end)))) end -= 1
    else break
  }
  return address.slice(0, end)
}

const opens = (address: string): boolean => address.split('(').length >= address.split(')').length

/** The lines that are laid out as a table, and the lines with cells that follow them. */
function splitTable(src: string): { laidOut: string; rest: string } {
  let cut = 0
  for (let line = 0; line < LIMITS.tableRows + 2; line += 1) {
    const end = src.indexOf('\n', cut)
    if (end < 0 || /^[ \t]*$/.test(src.slice(cut, end))) return { laidOut: src, rest: '' }
    cut = end + 1
  }
  const rest = /^(?:[^\n]*\|[^\n]*(?:\n|$))*/.exec(src.slice(cut))?.[0] ?? ''
  return { laidOut: src.slice(0, cut), rest }
}

const readFormula: TokenizerExtensionFunction = (src) => {
  if (!/^[$\\]/.test(src)) return undefined
  const found = formulaAt(src, 0)
  return found && formulaToken(src, found, false)
}

const readFormulaBlock: TokenizerExtensionFunction = (src) => {
  const found = formulaBlock(src)
  return found && formulaToken(src, found, false)
}

const readOpenFormulaBlock: TokenizerExtensionFunction = (src) => {
  const found = openFormulaBlock(src)
  return found && formulaToken(src, found, true)
}

function formulaToken(src: string, found: { tex: string; length: number; display: boolean }, open: boolean) {
  return { type: 'formula', raw: src.slice(0, found.length), tex: found.tex, display: found.display, open }
}

/** `[^1]: text`, with the indented lines that belong to it. */
const readNote: TokenizerExtensionFunction = function (src) {
  const match =
    /^\[\^([^\]\s]{1,64})\]:[ \t]*([^\n]*(?:\n(?!\[\^|[ \t]*\n)[^\n]+|\n(?:[ \t]*\n)+ {2,}[^\n]*)*)(?:\n|$)/.exec(src)
  if (!match) return undefined
  const text = (match[2] ?? '').replace(/\n {1,4}/g, '\n')
  return { type: 'note', raw: match[0], label: match[1] ?? '', tokens: this.lexer.blockTokens(text, []) }
}

const readNoteRef: TokenizerExtensionFunction = (src) => {
  const match = /^\[\^([^\]\s]{1,64})\]/.exec(src)
  return match ? { type: 'note-ref', raw: match[0], label: match[1] ?? '' } : undefined
}

/** The one tag that models write in tables to break a line. It has no attributes and becomes a node of ours. */
const readBreak: TokenizerExtensionFunction = (src) => {
  const match = /^<br ?\/?>/i.exec(src)
  return match ? { type: 'br', raw: match[0] } : undefined
}

/** Where a formula or a footnote interrupts a paragraph. */
const interruption = (src: string): number | void => {
  const found = /\n(?: {0,3}(?:\$\$|\\\[)|\[\^[^\]\s]{1,64}\]:)/.exec(src)
  return found ? found.index + 1 : undefined
}

class FormulaMask extends Hooks {
  override emStrongMask(src: string): string {
    return maskFormulas(src)
  }
}

function optionsFor(streaming: boolean): MarkedOptions {
  return {
    gfm: true,
    breaks: false,
    tokenizer: new AnswerTokenizer(),
    hooks: new FormulaMask(),
    extensions: {
      renderers: {},
      childTokens: {},
      block: [readFormulaBlock, ...(streaming ? [readOpenFormulaBlock] : []), readNote],
      startBlock: [interruption],
      inline: [readFormula, readNoteRef, readBreak],
    },
  }
}

const WHOLE = optionsFor(false)
const STREAMING = optionsFor(true)

export type Links = Readonly<Record<string, { readonly href: string; readonly title?: string | null | undefined }>>

/** Block tokens of a text, and a lexer that reads the inline text found in them. */
export interface LexedBlocks {
  readonly tokens: readonly Token[]
  /** The source of each list of inline tokens that has not been read yet. */
  readonly sources: ReadonlyMap<readonly Token[], string>
  /** Targets that this text defines for its references. */
  readonly links: Links
  lexInline(source: string): readonly Token[]
}

/** Reads the blocks of a text; `links` are targets that were defined elsewhere in the answer. */
export function lexBlocks(text: string, streaming: boolean, links: Links): LexedBlocks {
  const lexer = new Lexer(streaming ? STREAMING : WHOLE)
  const tokens: Token[] = lexer.tokens
  Object.assign(lexer.tokens.links, links)
  lexer.blockTokens(text, tokens)
  return {
    tokens,
    sources: new Map(lexer.inlineQueue.map(({ src, tokens: unread }) => [unread, src])),
    links: lexer.tokens.links,
    lexInline: (source) => lexer.inlineTokens(source, []),
  }
}
