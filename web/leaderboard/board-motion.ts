import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

const MOVE_MS = 320

/**
 * Lets rows glide to their new places. Only `transform` moves, so nothing is laid out anew on the way; who asked for
 * less motion sees them at their places at once.
 */
export function useRowMotion(table: RefObject<HTMLTableElement | null>, order: string): void {
  const places = useRef<ReadonlyMap<string, number>>(new Map())
  useLayoutEffect(() => {
    if (!table.current) return
    const before = places.current
    const now = placesOf(table.current)
    places.current = new Map([...now].map(([model, { top }]) => [model, top]))
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    for (const [model, { row, top }] of now) glide(row, (before.get(model) ?? top) - top)
  }, [table, order])
}

function placesOf(table: HTMLTableElement): Map<string, { row: HTMLElement; top: number }> {
  const rows = table.querySelectorAll<HTMLElement>('tr[data-model]')
  return new Map([...rows].map((row) => [row.dataset['model'] ?? '', { row, top: row.offsetTop }]))
}

function glide(row: HTMLElement, distance: number): void {
  if (distance === 0) return
  row.animate([{ transform: `translateY(${distance}px)` }, { transform: 'none' }], {
    duration: MOVE_MS,
    easing: 'cubic-bezier(.2, 0, 0, 1)',
  })
}
