import { useEffect, useRef, useState } from 'preact/hooks'
import { isDrawable, loadFormulaEngine } from './formula-engine.ts'
import { whenFree } from './frame-queue.ts'
import { TextRun } from './text-run.tsx'

/** An inline formula of so many characters may be wider than a phone. */
const WIDE_CHARS = 50

interface FormulaProps {
  readonly tex: string
  /** As it was written, with its marks: shown until the formula is drawn, and where it cannot be. */
  readonly source: string
  readonly display: boolean
}

/** A formula, drawn when there is time for it; until then and otherwise its source. */
export function Formula({ tex, source, display }: FormulaProps) {
  const place = useRef<HTMLSpanElement>(null)
  const [drawn, setDrawn] = useState<string | null>(null)
  useEffect(() => {
    if (!isDrawable(tex)) return
    let cancel = () => {}
    let isWanted = true
    loadFormulaEngine().then(
      (draw) => {
        if (!isWanted) return
        cancel = whenFree(() => {
          const node = draw(tex, display)
          if (!node || !place.current) return
          place.current.replaceChildren(node)
          setDrawn(tex)
        })
      },
      // It did not load: the source stays.
      () => {},
    )
    return () => {
      isWanted = false
      cancel()
    }
  }, [tex, display])
  const isDrawn = drawn === tex
  // What may be wider than its line scrolls inside; a short formula keeps its baseline in the line.
  const placing = display ? 'display' : tex.length > WIDE_CHARS ? 'wide' : ''
  return (
    <span class={`formula ${placing}`} {...(placing === '' ? {} : { tabIndex: 0 })}>
      {/* Filled by hand: a formula is a tree of nodes and never HTML. */}
      <span ref={place} hidden={!isDrawn} />
      {!isDrawn && (
        <code class="tex">
          <TextRun text={source} kind="code" />
        </code>
      )}
    </span>
  )
}
