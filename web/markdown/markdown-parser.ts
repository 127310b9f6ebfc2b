import type { MarkedToken, Token, Tokens } from 'marked'
import { vetLink, webHost } from './answer-link.ts'
import { decodeCharacterReferences } from './character-references.ts'
import {
  type FormulaToken,
  heldBackRows,
  type LexedBlocks,
  type NoteRefToken,
  type NoteToken,
} from './markdown-lexer.ts'
import { LIMITS } from './markdown-limits.ts'
import type { Block, Inline, ListItem, Note } from './markdown-tree.ts'

type AnyToken = MarkedToken | FormulaToken | NoteRefToken | NoteToken

/** Emphasis inside emphasis, as deep as anybody writes it. */
const MOST_INLINE_DEPTH = 12

/** Inline text that was read before: while an answer grows, most of it stays as it is. */
export type InlineCache = Map<string, readonly Inline[]>

/** Turns the tokens of marked into nodes of ours: everything that is drawn passes through here. */
export class MarkdownParser {
  private readonly lexed: LexedBlocks
  private readonly ownOrigin: string
  private readonly cache: InlineCache
  /** What was read in this pass, to be the cache of the next one. */
  readonly used: InlineCache = new Map()

  constructor(lexed: LexedBlocks, ownOrigin: string, cache: InlineCache) {
    this.lexed = lexed
    this.ownOrigin = ownOrigin
    this.cache = cache
  }

  /** Undefined for tokens that draw nothing: blank lines, targets of references, footnotes. */
  toBlock(token: Token): Block | undefined {
    const known = asKnown(token)
    switch (known.type) {
      case 'paragraph':
        return { kind: 'paragraph', children: this.inlinesOf(known.tokens) }
      case 'text':
        return { kind: 'line', children: known.tokens ? this.inlinesOf(known.tokens) : [textOf(known)] }
      case 'heading':
        return { kind: 'heading', depth: known.depth, children: this.inlinesOf(known.tokens) }
      case 'blockquote':
        return { kind: 'quote', blocks: this.toBlocks(known.tokens) }
      case 'list':
        return this.toList(known)
      case 'code':
        return toCode(known)
      case 'table':
        return this.toTable(known)
      case 'hr':
        return { kind: 'rule' }
      case 'formula':
        return known.open
          ? { kind: 'plain', text: known.raw }
          : { kind: 'math', tex: known.tex, source: known.raw.trimEnd() }
      case 'space':
      case 'def':
      case 'note':
      case 'checkbox':
        return undefined
      default:
        return { kind: 'plain', text: token.raw }
    }
  }

  toNote(token: Token): Note | undefined {
    const known = asKnown(token)
    return known.type === 'note' ? { label: known.label, blocks: this.toBlocks(known.tokens) } : undefined
  }

  private toBlocks(tokens: readonly Token[]): Block[] {
    return tokens.map((token) => this.toBlock(token)).filter((block) => block !== undefined)
  }

  private toList(list: Tokens.List): Block {
    const items = list.items.map((item): ListItem => ({
      done: item.task ? item.checked === true : null,
      blocks: this.toBlocks(item.tokens),
    }))
    return { kind: 'list', start: list.ordered ? Number(list.start) : null, loose: list.loose, items }
  }

  private toTable(table: Tokens.Table): Block {
    const cells = (row: Tokens.TableCell[]) => row.map((cell) => this.inlinesOf(cell.tokens))
    return {
      kind: 'table',
      align: table.align,
      header: cells(table.header),
      rows: table.rows.map(cells),
      rest: heldBackRows(table),
    }
  }

  private inlinesOf(tokens: readonly Token[]): readonly Inline[] {
    const source = this.lexed.sources.get(tokens)
    if (source === undefined) return this.toInlines(tokens, 0)
    const known = this.used.get(source) ?? this.cache.get(source)
    const inlines = known ?? piecesOf(source).flatMap((piece) => this.readInline(piece))
    this.used.set(source, inlines)
    return inlines
  }

  private readInline(source: string): readonly Inline[] {
    if (isFlood(source)) return [{ kind: 'text', text: decodeCharacterReferences(source) }]
    return this.toInlines(this.lexed.lexInline(source), 0)
  }

  private toInlines(tokens: readonly Token[], depth: number): Inline[] {
    const inlines: Inline[] = []
    for (const token of tokens) {
      const inline = this.toInline(token, depth)
      const last = inlines.at(-1)
      if (inline.kind === 'text' && last?.kind === 'text')
        inlines[inlines.length - 1] = { kind: 'text', text: last.text + inline.text }
      else inlines.push(inline)
    }
    return inlines
  }

  private toInline(token: Token, depth: number): Inline {
    const known = asKnown(token)
    if (depth > MOST_INLINE_DEPTH) return { kind: 'text', text: token.raw }
    switch (known.type) {
      case 'text':
        return known.tokens ? { kind: 'text', text: known.raw } : textOf(known)
      case 'escape':
        return { kind: 'text', text: known.text }
      case 'strong':
      case 'em':
      case 'del':
        return { kind: known.type, children: this.toInlines(known.tokens, depth + 1) }
      case 'codespan':
        return { kind: 'code', text: known.text }
      case 'br':
        return { kind: 'break' }
      case 'link':
        return this.toLink(known, depth)
      case 'image':
        return toImage(known, this.ownOrigin)
      case 'formula':
        return { kind: 'math', tex: known.tex, source: known.raw, display: known.display }
      case 'note-ref':
        return { kind: 'note', label: known.label, source: known.raw }
      default:
        return { kind: 'text', text: token.raw }
    }
  }

  /** A link that may not be opened is shown as it was written, target and all. */
  private toLink(link: Tokens.Link, depth: number): Inline {
    const href = link.autolink ? link.href : decodeCharacterReferences(link.href)
    const children = this.toInlines(link.tokens, depth + 1)
    const vetted = vetLink(href, plainTextOf(children), this.ownOrigin)
    return vetted ? { kind: 'link', ...vetted, children } : { kind: 'text', text: link.raw }
  }
}

function toImage(image: Tokens.Image, ownOrigin: string): Inline {
  const href = decodeCharacterReferences(image.href)
  const host = webHost(href)
  const vetted = host === null ? undefined : vetLink(href, '', ownOrigin)
  const alt = decodeCharacterReferences(image.text)
  return vetted ? { kind: 'image', alt, href: vetted.href, host } : { kind: 'image', alt, href: null, host }
}

function toCode(code: Tokens.Code): Block {
  const closed = code.codeBlockStyle === 'indented' || isClosed(code.raw)
  const language = /^[^\s{,]*/.exec(decodeCharacterReferences(code.lang ?? ''))?.[0] ?? ''
  return { kind: 'code', language, text: code.text.replace(/\n$/, ''), closed }
}

/** A fence ends with a line of the same mark, at least as long. */
function isClosed(raw: string): boolean {
  const opening = /^ {0,3}(`{3,}|~{3,})/.exec(raw)?.[1] ?? ''
  const closing = /\n {0,3}(`{3,}|~{3,})[ \t]*\n?$/.exec(raw.slice(-200))?.[1] ?? ''
  return closing.startsWith(opening) && opening !== ''
}

function textOf(token: Tokens.Text): Inline {
  return { kind: 'text', text: decodeCharacterReferences(token.text) }
}

/** The words of inline nodes, as somebody reads them. */
export function plainTextOf(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if ('children' in inline) return plainTextOf(inline.children)
      if ('text' in inline) return inline.text
      return inline.kind === 'image' ? inline.alt : ' '
    })
    .join('')
}

/** Long runs are read in pieces that end between words: the time to read one grows with the square of its length. */
function piecesOf(source: string): string[] {
  const pieces: string[] = []
  for (let from = 0; from < source.length;) {
    const end = from + LIMITS.inlineChars
    const blank = end < source.length ? Math.max(source.lastIndexOf(' ', end), source.lastIndexOf('\n', end)) : -1
    const cut = end >= source.length ? source.length : blank > from ? blank + 1 : end
    pieces.push(source.slice(from, cut))
    from = cut
  }
  return pieces
}

function isFlood(source: string): boolean {
  return source.length > LIMITS.denseChars && (source.match(/[*_~`[\]!<\\]/g)?.length ?? 0) * 4 > source.length
}

/** marked types its tokens so openly that they say nothing; which ones there are is decided by markdown-lexer.ts. */
function asKnown(token: Token): AnyToken {
  return token as AnyToken
}
