/** Work may hold the page for so long at a time; then input and drawing have their turn. */
const SLICE_MS = 6

const waiting: (() => void)[] = []
let isScheduled = false

/** Does small pieces of work one after another, a few milliseconds at a time. Returns a way to take it back. */
export function whenFree(work: () => void): () => void {
  waiting.push(work)
  schedule()
  return () => {
    const index = waiting.indexOf(work)
    if (index >= 0) waiting.splice(index, 1)
  }
}

function schedule(): void {
  if (isScheduled || waiting.length === 0) return
  isScheduled = true
  // Not an animation frame: a tab in the background must catch up as well.
  setTimeout(runSlice, 0)
}

function runSlice(): void {
  isScheduled = false
  const end = performance.now() + SLICE_MS
  do waiting.shift()?.()
  while (waiting.length > 0 && performance.now() < end)
  schedule()
}
