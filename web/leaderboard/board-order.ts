import type { LeaderboardRow } from '../../contract/leaderboard.ts'
import { byPlace } from './leaderboard-state.ts'

export const SORT_KEYS = ['rating', 'model', 'votes', 'winRate', 'elo', 'license'] as const
export type SortKey = (typeof SORT_KEYS)[number]

export interface Sorting {
  readonly key: SortKey
  readonly descending: boolean
}

export const BY_RATING: Sorting = { key: 'rating', descending: true }

/** The first press puts what is most looked for on top: high numbers, early letters. */
export function nextSorting(now: Sorting, key: SortKey): Sorting {
  if (now.key === key) return { key, descending: !now.descending }
  return { key, descending: key !== 'model' && key !== 'license' }
}

export interface BoardFilter {
  readonly search: string
  readonly hidesPreliminary: boolean
  readonly sorting: Sorting
}

/** Models of one component: those whose ratings can be compared with each other. */
export interface BoardPart {
  readonly component: number
  readonly rows: readonly LeaderboardRow[]
}

/** The rows to show, part by part. Sorting never mixes parts: ratings across them say nothing about each other. */
export function arrangeBoard(rows: readonly LeaderboardRow[], filter: BoardFilter, language: string): BoardPart[] {
  const compare = comparison(filter.sorting, language)
  const parts = new Map<number, LeaderboardRow[]>()
  for (const row of rows) {
    if (!isShown(row, filter)) continue
    const part = parts.get(row.component)
    if (part) part.push(row)
    else parts.set(row.component, [row])
  }
  return [...parts]
    .sort(([first], [second]) => first - second)
    .map(([component, members]) => ({ component, rows: members.sort(compare) }))
}

function isShown(row: LeaderboardRow, { search, hidesPreliminary }: BoardFilter): boolean {
  if (hidesPreliminary && row.preliminary) return false
  const words = search.trim().toLocaleLowerCase().split(/\s+/)
  const text = `${row.model} ${row.organization ?? ''}`.toLocaleLowerCase()
  return words.every((word) => text.includes(word))
}

function comparison({ key, descending }: Sorting, language: string) {
  const direction = descending ? -1 : 1
  const letters = new Intl.Collator(language, { numeric: true, sensitivity: 'base' })
  return (first: LeaderboardRow, second: LeaderboardRow): number => {
    const [one, other] = [first[key], second[key]]
    // What nobody stated stands last in either direction.
    if (one === null || other === null) return one === other ? byPlace(first, second) : one === null ? 1 : -1
    const difference =
      typeof one === 'number' && typeof other === 'number' ? one - other : letters.compare(String(one), String(other))
    return direction * difference || byPlace(first, second)
  }
}

/**
 * While somebody points at the table or has the focus in it, rows keep their places: those that are new stand at the
 * end of their part, those that are gone leave.
 */
export function keepOrder(parts: readonly BoardPart[], places: ReadonlyMap<string, number>): BoardPart[] {
  const place = ({ model }: LeaderboardRow) => places.get(model) ?? Number.POSITIVE_INFINITY
  return parts.map(({ component, rows }) => ({
    component,
    rows: rows.toSorted((first, second) => {
      const [one, other] = [place(first), place(second)]
      return one === other ? 0 : one - other
    }),
  }))
}
