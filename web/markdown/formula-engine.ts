import type { KatexOptions } from 'katex'
import { LIMITS } from './markdown-limits.ts'

/** Draws a formula as a node of its own, or undefined when it cannot or must not be drawn. */
export type DrawFormula = (tex: string, display: boolean) => Element | undefined

let loading: Promise<DrawFormula> | undefined

/** KaTeX and its styles, loaded with the first formula that any answer has. */
export function loadFormulaEngine(): Promise<DrawFormula> {
  loading ??= Promise.all([import('katex'), import('katex/dist/katex.min.css')]).then(([katex]) => {
    const render: unknown = Reflect.get(katex, '__renderToDomTree')
    return (tex, display) => draw(render, tex, display)
  })
  // A page that was offline may try again with its next formula.
  loading.catch(() => (loading = undefined))
  return loading
}

/** Lengths in em: nothing in a formula needs to be wider or further away than this. */
const MOST_EM = 20
const PER_EM: Readonly<Record<string, number>> = { em: 1, ex: 2.3, mu: 18, pt: 10, mm: 3.5, cm: 0.35, in: 0.14, px: 16 }

/** True for a formula that is worth an attempt: short, not nested beyond reason, without immoderate lengths. */
export function isDrawable(tex: string): boolean {
  return tex.length <= LIMITS.formulaChars && nestingOf(tex) <= LIMITS.formulaDepth && !hasHugeLength(tex)
}

function nestingOf(tex: string): number {
  let depth = 0
  let deepest = 0
  for (const character of tex) {
    if (character === '{') deepest = Math.max(deepest, (depth += 1))
    else if (character === '}') depth -= 1
  }
  return Math.max(deepest, tex.split(/\\(?:left|begin|sqrt|frac)\b/).length - 1 > 60 ? Number.POSITIVE_INFINITY : 0)
}

function hasHugeLength(tex: string): boolean {
  return [...tex.matchAll(/(\d+(?:\.\d*)?|\.\d+)\s*([a-z]{2})/g)].some(
    ([, amount, unit = '']) => Number(amount) > MOST_EM * (PER_EM[unit] ?? Number.POSITIVE_INFINITY),
  )
}

/**
 * KaTeX can write HTML or build nodes. We take its tree of nodes, so that no HTML is parsed: the two attributes that a
 * content security policy would refuse are moved, and what comes out is compared with the list of what may come out.
 */
function draw(render: unknown, tex: string, display: boolean): Element | undefined {
  if (typeof render !== 'function' || !isDrawable(tex)) return undefined
  const options: KatexOptions = {
    displayMode: display,
    throwOnError: true,
    // A command that could load or act makes the whole formula a text; `false` would leave its name in place of it.
    trust: () => {
      throw new TypeError('not in an answer')
    },
    strict: 'ignore',
    maxExpand: 300,
    maxSize: MOST_EM,
    // A fresh object for every formula: no definition survives into the next one.
    macros: {},
  }
  try {
    const tree: unknown = render(tex, options)
    moveStyles(tree, 0)
    const node = buildNode(tree)
    return node && isHarmless(node) ? withWidths(node) : undefined
  } catch {
    // Not only its ParseError: input nested deeply ends in a RangeError. Either way the source is shown.
    return undefined
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** An SVG's own width is set by a style attribute, which the policy forbids; its `width` says the same. */
function moveStyles(tree: unknown, depth: number): void {
  if (!isRecord(tree) || depth > 400) return
  const { attributes, children } = tree
  if (isRecord(attributes) && typeof attributes['style'] === 'string') {
    if (attributes['style'].startsWith('width:')) attributes['data-fixed'] = ''
    delete attributes['style']
  }
  if (Array.isArray(children)) for (const child of children) moveStyles(child, depth + 1)
}

function buildNode(tree: unknown): Element | undefined {
  if (!isRecord(tree) || typeof tree['toNode'] !== 'function') return undefined
  const node: unknown = tree['toNode']()
  return node instanceof Element ? node : undefined
}

const ELEMENTS = new Set(
  `span svg path line math semantics annotation mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder
  mover munderover mtable mtr mtd mlabeledtr mpadded mphantom menclose mstyle mglyph`.split(/\s+/),
)
ELEMENTS.delete('mglyph')
const ATTRIBUTES = new Set(
  `class style aria-hidden xmlns display encoding width height viewBox preserveAspectRatio d x1 y1 x2 y2 stroke-width
  data-fixed mathvariant stretchy fence separator lspace rspace minsize maxsize movablelimits accent accentunder
  linethickness columnalign columnspacing columnlines rowspacing rowlines rowalign scriptlevel displaystyle mathcolor
  mathbackground mathsize voffset notation linebreak frame symmetric largeop depth side width form title`.split(/\s+/),
)

/** The wall behind `trust`: an element or attribute that no formula needs is in none that is shown. */
function isHarmless(root: Element): boolean {
  return [root, ...root.querySelectorAll('*')].every(
    (element) => ELEMENTS.has(element.localName) && [...element.attributes].every(({ name }) => ATTRIBUTES.has(name)),
  )
}

function withWidths(root: Element): Element {
  for (const svg of root.querySelectorAll<SVGElement>('svg[data-fixed]'))
    svg.style.width = svg.getAttribute('width') ?? ''
  return root
}
