import { LIMITS } from './markdown-limits.ts'

export interface FoundFormula {
  readonly tex: string
  /** Characters that the formula takes in the text, with its marks. */
  readonly length: number
  readonly display: boolean
}

/** How far the end of a formula is looked for: what is longer would not be drawn as one anyway. */
const REACH = LIMITS.formulaChars + 200

/** The formula that begins at `index`, as `$…$`, `$$…$$`, `\(…\)` or `\[…\]`. */
export function formulaAt(text: string, index: number): FoundFormula | undefined {
  const mark = text.slice(index, index + 2)
  if (mark === '\\(') return between(text, index, '\\(', '\\)', false)
  if (mark === '\\[') return between(text, index, '\\[', '\\]', true)
  if (mark === '$$') return between(text, index, '$$', '$$', true)
  return mark.startsWith('$') ? betweenDollars(text, index) : undefined
}

/** The same text with every formula masked, so that a `*` or `_` inside it is no emphasis. Keeps the length. */
export function maskFormulas(text: string): string {
  if (!/\$|\\[([]/.test(text)) return text
  let masked = ''
  let done = 0
  for (const { index } of text.matchAll(/\$\$?|\\[([]/g)) {
    if (index < done) continue
    const found = formulaAt(text, index)
    if (!found) continue
    masked += `${text.slice(done, index)}[${'a'.repeat(found.length - 2)}]`
    done = index + found.length
  }
  return masked + text.slice(done)
}

/** A display formula that stands alone on its lines; the text begins with it. */
export function formulaBlock(text: string): FoundFormula | undefined {
  const found = formulaAt(text, indentOf(text))
  if (!found?.display) return undefined
  const length = indentOf(text) + found.length
  const after = /^[ \t]*(?:\n|$)/.exec(text.slice(length))
  return after ? { ...found, length: length + after[0].length } : undefined
}

/** A display formula whose end has not been written yet: everything up to the end, unless a blank line ends it. */
export function openFormulaBlock(text: string): FoundFormula | undefined {
  const mark = text.slice(indentOf(text), indentOf(text) + 2)
  if (mark !== '$$' && mark !== '\\[') return undefined
  if (/\n[ \t]*\n/.test(text) || text.length > REACH) return undefined
  return { tex: text.slice(indentOf(text) + 2).trim(), length: text.length, display: true }
}

const indentOf = (text: string): number => /^ {0,3}/.exec(text)?.[0].length ?? 0

function between(text: string, index: number, open: string, close: string, display: boolean): FoundFormula | undefined {
  const start = index + open.length
  const within = text.slice(start, start + REACH)
  const end = endOf(within, close)
  if (end < 1) return undefined
  const tex = within.slice(0, end)
  if (tex.trim() === '' || /\n[ \t]*\n/.test(tex)) return undefined
  return { tex: tex.trim(), length: open.length + end + close.length, display }
}

/** The first `close` that no backslash takes away. */
function endOf(within: string, close: string): number {
  for (let at = within.indexOf(close); at >= 0; at = within.indexOf(close, at + 1)) {
    const slashes = /\\*$/.exec(within.slice(Math.max(0, at - 8), at))?.[0].length ?? 0
    if (slashes % 2 === 0) return at
  }
  return -1
}

/**
 * A dollar is mostly money. It opens a formula only where no letter or digit stands before it and something follows
 * without a blank, and it closes one only where no blank stands before it and no digit follows.
 */
function betweenDollars(text: string, index: number): FoundFormula | undefined {
  if (/[\p{L}\p{N}$\\]$/u.test(text.slice(Math.max(0, index - 2), index))) return undefined
  if (!/^\$[^\s$]/.test(text.slice(index, index + 2))) return undefined
  const within = text.slice(index + 1, index + 1 + REACH)
  const end = endOf(within, '$')
  if (end < 1) return undefined
  const tex = within.slice(0, end)
  const next = within.slice(end + 1, end + 2)
  if (/\s$/.test(tex) || /[0-9$]/.test(next) || /\n[ \t]*\n|`/.test(tex)) return undefined
  if (/\p{L}/u.test(next) && !isPlainlyMaths(tex)) return undefined
  if (/\s/.test(tex) && looksLikeProse(tex)) return undefined
  return { tex, length: end + 2, display: false }
}

/** Enough of a sign to be maths even where a letter follows, as in `$n$th`; `$HOME/$USER` is none. */
const isPlainlyMaths = (tex: string): boolean => /^[A-Za-z]$|[\\^_{]/.test(tex)

/** Words between two amounts of money: `$5 to the shop and 3$`. Words inside `\text{…}` do not count. */
function looksLikeProse(tex: string): boolean {
  const outside = tex.replace(/\\[A-Za-z]+\s*\{[^{}]*\}|\\[A-Za-z]+/g, '')
  return /\p{L}{3,}/u.test(outside) && !/[\\^_=<>]/.test(tex)
}
