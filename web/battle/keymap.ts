import type { Outcome, Side } from '../../contract/outcome.ts'

/** What a key on the battle page asks for. */
export type KeyAction =
  | { readonly kind: 'vote'; readonly outcome: Outcome }
  | { readonly kind: 'enlarge'; readonly side: Side }
  | { readonly kind: 'next' | 'undo' | 'stop' | 'follow-up' | 'ask-again' | 'new-battle' | 'in-step' | 'raw' | 'keys' }

export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly repeat: boolean
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

/** Where the key was pressed: keys that write, press or scroll something there stay with it. */
export interface KeyPlace {
  /** In a text field. */
  readonly typing: boolean
  /** On a button, a link or the like, which has its own Enter. */
  readonly onControl: boolean
  /** On something that moves sideways by itself: the divider, a wide table or code block that was reached by Tab. */
  readonly onSlider: boolean
}

const ARROWS: Readonly<Record<string, Outcome>> = {
  ArrowLeft: 'a',
  ArrowRight: 'b',
  ArrowUp: 'tie',
  ArrowDown: 'both_bad',
}

const LETTERS: Readonly<Record<string, KeyAction>> = {
  z: { kind: 'undo' },
  f: { kind: 'follow-up' },
  r: { kind: 'ask-again' },
  n: { kind: 'new-battle' },
  s: { kind: 'in-step' },
  t: { kind: 'raw' },
  '1': { kind: 'enlarge', side: 'a' },
  '2': { kind: 'enlarge', side: 'b' },
}

/** The action of a key, whatever the state; the page knows which of them is possible now. */
export function actionOf(press: KeyPress, place: KeyPlace): KeyAction | null {
  if (press.altKey || press.ctrlKey || press.metaKey || press.repeat) return null
  if (press.key === 'Escape') return { kind: 'stop' }
  if (place.typing) return null
  if (press.key === 'Enter') return place.onControl ? null : { kind: 'next' }
  if (press.key === '?') return { kind: 'keys' }
  const outcome = ARROWS[press.key]
  if (outcome) return place.onSlider ? null : { kind: 'vote', outcome }
  return LETTERS[latinKey(press)] ?? null
}

/** On a Cyrillic keyboard the key that is labelled Z writes "я": there the place of the key counts. */
function latinKey({ key, code }: KeyPress): string {
  const written = key.toLowerCase()
  return /^[a-z0-9]$/.test(written) ? written : code.replace(/^(Key|Digit)/, '').toLowerCase()
}

/** Reads the place from the focused element. */
export function placeOf(target: EventTarget | null): KeyPlace {
  if (!(target instanceof HTMLElement)) return { typing: false, onControl: false, onSlider: false }
  return {
    typing:
      target.isContentEditable || target.matches('textarea, select, input:not([type="checkbox"], [type="radio"])'),
    onControl: target.closest('button, a[href], summary, [role="button"]') !== null,
    onSlider: target.matches('[role="separator"]') || scrollsSideways(target),
  }
}

const scrollsSideways = (element: HTMLElement): boolean =>
  element.scrollWidth > element.clientWidth && element.matches(':focus-visible')
