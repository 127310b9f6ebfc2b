import { CATEGORY_PATTERN, OVERALL } from '../../contract/categories.ts'
import { type BoardFilter, BY_RATING, SORT_KEYS, type SortKey } from './board-order.ts'

/** What the address says about the table: a link shows the same table to everybody. */
export interface BoardQuery extends BoardFilter {
  readonly arena: string
  readonly category: string
  readonly isCompact: boolean
}

const DEFAULT_ARENA = 'text'

/** Reads an address leniently: what it does not know is as if it were not there. */
export function parseBoardQuery(search: string): BoardQuery {
  const parameters = new URLSearchParams(search)
  const sort = parameters.get('sort') ?? ''
  const key = SORT_KEYS.find((known) => known === sort.replace(/^-/, ''))
  return {
    arena: nameIn(parameters, 'arena') ?? DEFAULT_ARENA,
    category: nameIn(parameters, 'category') ?? OVERALL,
    search: (parameters.get('q') ?? '').slice(0, 100),
    hidesPreliminary: parameters.get('preliminary') === 'hidden',
    sorting: key === undefined ? BY_RATING : { key, descending: sort.startsWith('-') },
    isCompact: parameters.get('view') === 'compact',
  }
}

/** The address of a table; what is as usual is left out. */
export function boardAddress(query: BoardQuery): string {
  const parameters = new URLSearchParams()
  if (query.arena !== DEFAULT_ARENA) parameters.set('arena', query.arena)
  if (query.category !== OVERALL) parameters.set('category', query.category)
  if (query.search.trim() !== '') parameters.set('q', query.search)
  if (query.hidesPreliminary) parameters.set('preliminary', 'hidden')
  const sort = sortOf(query.sorting.key, query.sorting.descending)
  if (sort !== sortOf(BY_RATING.key, BY_RATING.descending)) parameters.set('sort', sort)
  if (query.isCompact) parameters.set('view', 'compact')
  const text = parameters.toString()
  return text === '' ? '/leaderboard' : `/leaderboard?${text}`
}

const sortOf = (key: SortKey, descending: boolean): string => (descending ? `-${key}` : key)

function nameIn(parameters: URLSearchParams, key: string): string | undefined {
  const name = parameters.get(key)
  return name !== null && name.length <= 64 && CATEGORY_PATTERN.test(name) ? name : undefined
}
