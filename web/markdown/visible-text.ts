/** A character that does not show itself, drawn as what it is: `U+202E`, and how many of it follow each other. */
export interface Sign {
  readonly sign: string
  readonly count: number
}
export type TextPiece = string | Sign

/** In code every invisible character is a trap; in prose some are part of ordinary writing. */
export type TextKind = 'prose' | 'code'

/** More signs than this in one run of text say nothing new; the rest is drawn as dots, without elements. */
const MOST_SIGNS = 40

const CONTROLS = String.raw`[\0-\x08\x0B-\x1F\x7F-\x9F\u2028\u2029]`
const OVERRIDES = String.raw`[\u202A-\u202E\u2066-\u2069]`
const ZERO_WIDTH = String.raw`[\u115F\u1160\u17B4\u17B5\u180E\u200B\u2060-\u2064\u206A-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]`
/** Tag characters, except inside the flag of a region (a black flag, letters, the end tag). */
const TAGS = String.raw`(?<!\u{1F3F4}[\u{E0020}-\u{E007E}]{0,8})[\u{E0000}-\u{E007F}]`
/** Two variation selectors in a row carry hidden data, not a variant. */
const SELECTORS = String.raw`(?<=[\uFE00-\uFE0F\u{E0100}-\u{E01EF}])[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]`
/** Joiners belong into Arabic, Indic and emoji; between letters of ours, or in a row, they hide something. */
const STRAY_JOINERS = String.raw`(?<=^|[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{N}\p{P}\s\u200C\u200D])[\u200C\u200D]`
/** A joined emoji has a handful of members; the chain is broken where it goes on for ever. */
const LONG_CHAIN = String.raw`(?<=(?:\u200D[^\u200D]{1,3}){12})\u200D`
/** No script stacks more than a few marks on one letter; a flood of them would leave the line and the panel. */
const MARK_FLOOD = String.raw`(?<=\p{M}{6})\p{M}+`
const LONE_SURROGATES = String.raw`\p{Cs}`

const PROSE = [CONTROLS, OVERRIDES, ZERO_WIDTH, TAGS, SELECTORS, STRAY_JOINERS, LONG_CHAIN, MARK_FLOOD, LONE_SURROGATES]
const CODE = [...PROSE, String.raw`[\u00AD\u061C\u200C-\u200F]`]

const HIDDEN: Record<TextKind, RegExp> = {
  prose: new RegExp(PROSE.join('|'), 'gu'),
  code: new RegExp(CODE.join('|'), 'gu'),
}

/** Letters, digits and what stands on a keyboard: most text needs no second look. */
const PLAIN =
  /^[\n\t\x20-\x7E\u00A0-\u00AC\u00AE-\u02FF\u0370-\u0482\u048A-\u0560\u2010-\u2027\u2030-\u205E\u20A0-\u20CF\u2190-\u23FF]*$/

/** Splits text into what can be shown as it is and signs for what hides in it. */
export function toVisiblePieces(text: string, kind: TextKind): TextPiece[] {
  if (PLAIN.test(text)) return text === '' ? [] : [text]
  const pieces: TextPiece[] = []
  let end = 0
  let signs = 0
  const addText = (part: string) => {
    const last = pieces.at(-1)
    if (part === '') return
    if (typeof last === 'string') pieces[pieces.length - 1] = last + part
    else pieces.push(part)
  }
  for (const match of text.matchAll(HIDDEN[kind])) {
    addText(text.slice(end, match.index))
    end = match.index + match[0].length
    const sign = nameOf(match[0])
    const last = pieces.at(-1)
    if (typeof last === 'object' && last.sign === sign) pieces[pieces.length - 1] = { sign, count: last.count + 1 }
    else if (signs === MOST_SIGNS) addText('·')
    else {
      signs += 1
      pieces.push({ sign, count: 1 })
    }
  }
  addText(text.slice(end))
  return pieces
}

/** True when there is nothing to read: only blanks and characters without a shape. */
export function isInvisible(text: string): boolean {
  return !/[^\s\p{C}\p{M}\u115F\u1160\u2800\u3164\uFFA0]/u.test(text)
}

function nameOf(hidden: string): string {
  const marks = [...hidden].length
  if (/^\p{M}/u.test(hidden) && !/^[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u.test(hidden)) return `+${marks}`
  return `U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
