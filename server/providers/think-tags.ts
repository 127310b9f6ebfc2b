/** Tells thinking that a model writes between tags at the very beginning of its answer from the answer itself. */
export interface ThinkSplitter {
  push(piece: string): { readonly text: string; readonly reasoning: string }
  flush(): { readonly text: string; readonly reasoning: string }
}

const OPENING = '<think>'
const CLOSING = '</think>'

/** Only a tag before any other text counts: later ones belong to the answer, for instance to its code. */
export function createThinkSplitter(): ThinkSplitter {
  let place: 'before' | 'thinking' | 'after-thinking' | 'text' = 'before'
  let held = ''

  const push = (piece: string): { text: string; reasoning: string } => {
    if (place === 'text') return { text: piece, reasoning: '' }
    held += piece
    if (place === 'before') {
      const begun = held.trimStart()
      if (begun === '' || (begun.length < OPENING.length && OPENING.startsWith(begun)))
        return { text: '', reasoning: '' }
      if (!begun.startsWith(OPENING)) return { text: release(), reasoning: '' }
      place = 'thinking'
      held = begun.slice(OPENING.length)
    }
    const reasoning = place === 'thinking' ? takeThoughts() : ''
    if (place !== 'after-thinking') return { text: '', reasoning }
    held = held.trimStart()
    return { text: held === '' ? '' : release(), reasoning }
  }

  const takeThoughts = (): string => {
    const closesAt = held.indexOf(CLOSING)
    const endsAt = closesAt >= 0 ? closesAt : held.length - partOfClosing(held)
    const thoughts = held.slice(0, endsAt)
    held = held.slice(closesAt >= 0 ? closesAt + CLOSING.length : endsAt)
    if (closesAt >= 0) place = 'after-thinking'
    return thoughts
  }

  const release = (): string => {
    const text = held
    place = 'text'
    held = ''
    return text
  }

  return {
    push,
    flush: () => (place === 'thinking' ? { text: '', reasoning: held } : { text: release(), reasoning: '' }),
  }
}

/** How many characters at the end of `text` may be the beginning of the closing tag. */
function partOfClosing(text: string): number {
  for (let length = CLOSING.length - 1; length > 0; length -= 1)
    if (text.endsWith(CLOSING.slice(0, length))) return length
  return 0
}
