/** How near to its end a pane must be to count as read to the end. */
const AT_END_PX = 32

interface Pane {
  readonly element: HTMLElement
  /** Goes along with the text as it grows. */
  follows: boolean
  /** Where we have put it ourselves: the scroll event of that is not the person's doing. */
  placed: number | null
  lastTop: number
}

export interface ReadingScroll {
  /** One pane goes where the other goes, by the part that has been read. */
  setInStep(inStep: boolean): void
  /** While text comes in, both panes go along with their ends until the person scrolls up. */
  setStreaming(streaming: boolean): void
  /** Other answers are shown: begin at their top, or at the end of what is being written. */
  restart(): void
  /** The texts have become longer. Called by itself when the browser says so. */
  grow(): void
  detach(): void
}

/** Connects the two scrolling panes. Knows nothing of battles; where the panes do not scroll (phones) it does nothing. */
export function connectPanes(a: HTMLElement, b: HTMLElement): ReadingScroll {
  const panes = [toPane(a), toPane(b)] as const
  let inStep = false
  let streaming = false

  const place = (pane: Pane, top: number) => {
    const target = Math.max(0, Math.min(top, room(pane)))
    if (Math.abs(pane.element.scrollTop - target) < 1) return
    pane.element.scrollTop = target
    pane.placed = pane.element.scrollTop
    pane.lastTop = pane.element.scrollTop
  }

  const follow = (pane: Pane) => streaming && pane.follows && place(pane, room(pane))

  /** A text that has become shorter for a moment, or a formula above that was drawn, moves a pane: not the person. */
  const noteOwnMoves = (pane: Pane) => {
    const top = pane.element.scrollTop
    if (top !== pane.lastTop) pane.placed = pane.lastTop = top
  }

  const scrolled = (pane: Pane, other: Pane) => {
    const top = pane.element.scrollTop
    const isOurs = pane.placed !== null && Math.abs(top - pane.placed) < 2
    pane.placed = null
    if (isOurs) return
    const isUp = top < pane.lastTop
    pane.lastTop = top
    for (const each of inStep ? panes : [pane]) {
      if (isUp) each.follows = false
      else if (room(pane) - top <= AT_END_PX) each.follows = true
    }
    if (inStep && room(pane) > 0) place(other, (top / room(pane)) * room(other))
  }

  const onScroll = (event: Event) => {
    if (event.target === a) scrolled(panes[0], panes[1])
    if (event.target === b) scrolled(panes[1], panes[0])
  }
  // The browser tells of scrolling before it tells of sizes, so what the person did is known by now.
  const grow = () => {
    panes.forEach(noteOwnMoves)
    panes.forEach(follow)
  }
  const observer = new ResizeObserver(grow)
  for (const { element } of panes) {
    element.addEventListener('scroll', onScroll, { passive: true })
    const content = element.querySelector('.turns')
    if (content) observer.observe(content)
  }

  return {
    setInStep: (next) => {
      inStep = next
    },
    setStreaming: (next) => {
      streaming = next
    },
    restart() {
      for (const pane of panes) {
        pane.follows = true
        place(pane, 0)
        follow(pane)
      }
    },
    grow,
    detach() {
      observer.disconnect()
      for (const { element } of panes) element.removeEventListener('scroll', onScroll)
    },
  }
}

const toPane = (element: HTMLElement): Pane => ({ element, follows: true, placed: null, lastTop: element.scrollTop })

const room = ({ element }: Pane) => element.scrollHeight - element.clientHeight
