import type { Side } from '../../contract/outcome.ts'

/** A is dark and square, B is light and round: never colour alone. */
export function SideBadge({ side }: { side: Side }) {
  return (
    <span class={`ab ${side}`} aria-hidden="true">
      {side.toUpperCase()}
    </span>
  )
}
