import { useRef } from 'preact/hooks'
import { texts } from '../i18n/texts.ts'

const LEAST = 25
const STEP = 2

interface DividerProps {
  readonly split: number
  readonly onSplit: (split: number) => void
}

/** Dragged, or moved with the arrow keys; a double click puts it back in the middle. */
export function Divider({ split, onSplit }: DividerProps) {
  const { battle } = texts()
  const dragging = useRef(false)
  const move = (to: number) => onSplit(Math.min(100 - LEAST, Math.max(LEAST, Math.round(to))))
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: split - STEP,
    ArrowRight: split + STEP,
    Home: LEAST,
    End: 100 - LEAST,
  }
  return (
    <div
      class="grip"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={battle.divider}
      aria-valuemin={LEAST}
      aria-valuemax={100 - LEAST}
      aria-valuenow={split}
      onDblClick={() => move(50)}
      onKeyDown={(event) => {
        const to = steps[event.key]
        if (to === undefined) return
        event.preventDefault()
        move(to)
      }}
      onPointerDown={(event) => {
        dragging.current = true
        event.currentTarget.setPointerCapture(event.pointerId)
        event.preventDefault()
      }}
      onPointerMove={(event) => {
        const pair = event.currentTarget.parentElement?.getBoundingClientRect()
        if (dragging.current && pair) move(((event.clientX - pair.left) / pair.width) * 100)
      }}
      onPointerUp={() => {
        dragging.current = false
      }}
    />
  )
}
