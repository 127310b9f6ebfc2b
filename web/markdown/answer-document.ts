import type { Token, Tokens } from 'marked'
import { lexBlocks, type Links } from './markdown-lexer.ts'
import { LIMITS } from './markdown-limits.ts'
import { type InlineCache, MarkdownParser } from './markdown-parser.ts'
import type { Block, Note } from './markdown-tree.ts'
import { mendMarkdown } from './mend-markdown.ts'

export interface TopBlock {
  readonly raw: string
  readonly block: Block
}

/**
 * An answer as far as it has been read. Blocks that are settled keep their identity whatever is written after them,
 * so what was drawn of them stays; only the text behind them is read again.
 */
export interface AnswerDocument {
  readonly text: string
  readonly blocks: readonly TopBlock[]
  readonly notes: readonly Note[]
  readonly settled: Settled
}

interface Settled {
  /** Characters of the text that the settled blocks take. */
  readonly chars: number
  readonly blocks: readonly TopBlock[]
  readonly notes: readonly Note[]
  readonly links: Links
  readonly cache: InlineCache
}

const NOTHING: Settled = { chars: 0, blocks: [], notes: [], links: {}, cache: new Map() }
export const EMPTY_DOCUMENT: AnswerDocument = { text: '', blocks: [], notes: [], settled: NOTHING }

export interface ReadOptions {
  /** More is to come: what is incomplete is completed for the time being. */
  readonly growing: boolean
  /** The address of this page; an answer cannot link into it. */
  readonly ownOrigin: string
}

/** Reads on: `before` is what the same answer was when it was shorter, or anything else. */
export function readAnswer(before: AnswerDocument, written: string, options: ReadOptions): AnswerDocument {
  const text = toUnixLines(written, options.growing)
  let settled = text.startsWith(before.text.slice(0, before.settled.chars)) ? before.settled : NOTHING
  let tail = readTail(settled, text, options)
  while (tail.settled.chars > settled.chars && tail.isCut) {
    settled = tail.settled
    tail = readTail(settled, text, options)
  }
  const read = { text, blocks: keepSame(before.blocks, tail.blocks), notes: tail.notes, settled: tail.settled }
  return options.growing ? read : resolveReferences(read, tail.links, options)
}

interface Tail {
  readonly blocks: readonly TopBlock[]
  readonly notes: readonly Note[]
  readonly links: Links
  readonly settled: Settled
  /** An endless block was ended by force; what lies behind it has not been read. */
  readonly isCut: boolean
}

function readTail(settled: Settled, text: string, options: ReadOptions): Tail {
  const unread = text.slice(settled.chars)
  const whole = readBlocks(unread, settled, options)
  const cutAt = whole.settledTokens > 0 || !isEndless(whole.tokens, unread) ? 0 : placeToCut(unread)
  const part = cutAt > 0 ? readBlocks(unread.slice(0, cutAt), settled, { ...options, growing: false }) : whole
  const keep = cutAt > 0 ? part.tokens.length : part.settledTokens
  const settledPart = part.read.slice(0, keep)
  const blocks = blocksOf(settled.blocks, part.read)
  const notes = notesOf(settled.notes, part.read)
  const links = linksOf(settled.links, settledPart)
  return {
    blocks,
    notes,
    links: part.links,
    isCut: cutAt > 0,
    settled: {
      chars: settled.chars + settledPart.reduce((chars, { token }) => chars + token.raw.length, 0),
      blocks: keep === 0 ? settled.blocks : blocksOf(settled.blocks, settledPart),
      notes: keep === 0 ? settled.notes : notesOf(settled.notes, settledPart),
      links,
      // With a new target the same source may read otherwise.
      cache: links === settled.links ? part.used : new Map(),
    },
  }
}

interface ReadToken {
  readonly token: Token
  readonly block: Block | undefined
  readonly note: Note | undefined
}

function readBlocks(unread: string, settled: Settled, { growing, ownOrigin }: ReadOptions) {
  const lexed = lexBlocks(unread, growing, settled.links)
  const parser = new MarkdownParser(lexed, ownOrigin, settled.cache)
  const tokens = [...lexed.tokens]
  const read = tokens.map((token): ReadToken => {
    return { token, block: parser.toBlock(token), note: parser.toNote(token) }
  })
  const used: InlineCache = parser.used
  const last = read.at(-1)
  if (growing && last && MENDABLE.has(last.token.type) && last.token.raw.length < LIMITS.openBlockChars) {
    const mended = mendMarkdown(last.token.raw)
    if (mended !== last.token.raw) {
      const again = lexBlocks(mended, true, settled.links)
      const reader = new MarkdownParser(again, ownOrigin, used)
      const mendedRead = again.tokens.map((token): ReadToken => {
        return { token, block: reader.toBlock(token), note: reader.toNote(token) }
      })
      read.splice(-1, 1, ...mendedRead)
      for (const [source, inlines] of reader.used) used.set(source, inlines)
    }
  }
  return { tokens, read, used, links: { ...lexed.links }, settledTokens: countSettled(tokens) }
}

const MENDABLE = new Set(['paragraph', 'heading', 'list', 'blockquote', 'table', 'note'])

/**
 * How many tokens nothing can change any more: all but the last two that draw something. The boundary must be a place
 * where marked begins anew, since it merges paragraphs that touch.
 */
function countSettled(tokens: readonly Token[]): number {
  let drawn = 0
  for (let index = tokens.length - 1; index > 0; index -= 1) {
    if (tokens[index]?.type !== 'space') drawn += 1
    if (drawn >= 2 && endsForGood(tokens[index - 1])) return index
  }
  return 0
}

const ENDS_FOR_GOOD = new Set(['space', 'heading', 'hr', 'formula'])

function endsForGood(token: Token | undefined): boolean {
  if (token === undefined) return false
  return ENDS_FOR_GOOD.has(token.type) || (token.type === 'code' && token['codeBlockStyle'] !== 'indented')
}

/** Code and tables cost little however long they grow; anything else is read anew with every update. */
function isEndless(tokens: readonly Token[], unread: string): boolean {
  const last = tokens.findLast((token) => token.type !== 'space')
  return unread.length > LIMITS.openBlockChars && last?.type !== 'code' && last?.type !== 'table'
}

function placeToCut(unread: string): number {
  const within = unread.slice(0, LIMITS.openBlockChars)
  const at = within.lastIndexOf('\n') + 1 || within.lastIndexOf(' ') + 1
  return at > LIMITS.openBlockChars / 4 ? at : within.length
}

function blocksOf(before: readonly TopBlock[], read: readonly ReadToken[]): TopBlock[] {
  return [...before, ...read.flatMap(({ token, block }) => (block ? [{ raw: token.raw, block }] : []))]
}

/** The first text for a label is the one that counts. */
function notesOf(before: readonly Note[], read: readonly ReadToken[]): readonly Note[] {
  const added = read.flatMap(({ note }) => note ?? [])
  if (added.length === 0) return before
  const byLabel = new Map(before.map((note) => [note.label, note]))
  for (const note of added) if (!byLabel.has(note.label)) byLabel.set(note.label, note)
  return [...byLabel.values()]
}

/** Blocks that read the same as before stay the same objects, and the view leaves them alone. */
function keepSame(before: readonly TopBlock[], now: readonly TopBlock[]): readonly TopBlock[] {
  return now.map((top, index) => {
    const old = before[index]
    return old && old !== top && old.raw === top.raw && old.block.kind === top.block.kind ? old : top
  })
}

/** Targets may be written at the very end. Blocks that were read before them are read again, once. */
function resolveReferences(document: AnswerDocument, links: Links, { ownOrigin }: ReadOptions): AnswerDocument {
  if (Object.keys(links).length === 0) return document
  const blocks = document.blocks.map((top): TopBlock => {
    if (top.block.kind === 'code' || top.raw.length > LIMITS.openBlockChars || !top.raw.includes('[')) return top
    const lexed = lexBlocks(top.raw, false, links)
    const parser = new MarkdownParser(lexed, ownOrigin, new Map())
    const block = lexed.tokens.map((token) => parser.toBlock(token)).find((found) => found !== undefined)
    return block ? { raw: top.raw, block } : top
  })
  return { ...document, blocks }
}

/** The first target for a label is the one that counts, and only when it has been written to its end. */
function linksOf(before: Links, read: readonly ReadToken[]): Links {
  const defined = read.flatMap(({ token }) => (token.type === 'def' ? [token as Tokens.Def] : []))
  if (defined.length === 0) return before
  const links = new Map(Object.entries(before))
  for (const { tag, href, title } of defined) if (!links.has(tag)) links.set(tag, { href, title })
  return Object.fromEntries(links)
}

function toUnixLines(text: string, growing: boolean): string {
  const unix = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  // The second half of a line end or of a character may be on its way.
  return growing ? unix.replace(/[\uD800-\uDBFF]$/, '').replace(text.endsWith('\r') ? /\n$/ : /$^/, '') : unix
}

/** The labels of footnotes in the order in which the answer refers to them, then those it never refers to. */
export function orderNotes({ blocks, notes }: Pick<AnswerDocument, 'blocks' | 'notes'>): readonly Note[] {
  if (notes.length === 0) return notes
  const byLabel = new Map(notes.map((note) => [note.label, note]))
  const ordered = new Set<Note>()
  for (const { raw, block } of blocks) {
    if (block.kind === 'code') continue
    for (const [, label = ''] of raw.matchAll(/\[\^([^\]\s]{1,64})\]/g)) {
      const note = byLabel.get(label)
      if (note) ordered.add(note)
    }
  }
  return [...ordered, ...notes.filter((note) => !ordered.has(note))]
}
