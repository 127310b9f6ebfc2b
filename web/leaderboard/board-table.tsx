import { useRef } from 'preact/hooks'
import type { LeaderboardRow } from '../../contract/leaderboard.ts'
import { formatCount, formatRating } from '../i18n/format.ts'
import { language } from '../i18n/language.ts'
import { Icon } from '../shell/icon.tsx'
import { useRowMotion } from './board-motion.ts'
import { type BoardPart, nextSorting, type Sorting, type SortKey } from './board-order.ts'
import { BoardRow } from './board-row.tsx'
import { type BoardScale, placeOn } from './board-scale.ts'
import { leaderboardTexts } from './leaderboard-texts.ts'

export interface BoardTableProps {
  readonly caption: string
  readonly parts: readonly BoardPart[]
  /** Groups on the whole board, whether the filter shows them or not. */
  readonly components: number
  readonly scale: BoardScale
  readonly sorting: Sorting
  readonly isCompact: boolean
  readonly chosen: LeaderboardRow | null
  readonly near: ReadonlySet<string>
  /** The model that was opened by a click, a tap or the enter key. */
  readonly opened: string | null
  readonly onSort: (sorting: Sorting) => void
  readonly onPoint: (model: string | null) => void
  readonly onFocus: (model: string | null) => void
  readonly onToggle: (model: string) => void
}

export function BoardTable(props: BoardTableProps) {
  const { caption, parts, components, scale, isCompact, chosen } = props
  const table = useRef<HTMLTableElement>(null)
  const order = parts.flatMap(({ rows }) => rows.map(({ model }) => model))
  useRowMotion(table, order.join('\n'))
  return (
    <div class={isCompact ? 'board-scroll compact' : 'board-scroll'}>
      <div class="phoneaxis">
        <Axis scale={scale} />
      </div>
      <table
        ref={table}
        class="board"
        style={bandOf(chosen, scale)}
        onPointerLeave={() => props.onPoint(null)}
        onFocusOut={(event) => leaves(event) && props.onFocus(null)}
        onKeyDown={moveFocus}
      >
        <caption class="vh">{caption}</caption>
        <BoardHead scale={scale} sorting={props.sorting} onSort={props.onSort} />
        {parts.map((part, index) => (
          <PartBody key={part.component} {...props} part={part} isFirst={index === 0} components={components} />
        ))}
      </table>
    </div>
  )
}

interface PartProps extends BoardTableProps {
  readonly part: BoardPart
  readonly isFirst: boolean
}

function PartBody({ part, isFirst, components, ...table }: PartProps) {
  const words = leaderboardTexts()
  const { rows, component } = part
  const reachable = table.chosen?.model ?? (isFirst ? rows[0]?.model : undefined)
  return (
    <tbody>
      {components > 1 && (
        <tr class="part">
          <th colSpan={COLUMNS} scope="rowgroup">
            <b>{words.part(component + 1, { count: rows.length, text: formatCount(rows.length) })}</b>
            <span>{words.partNote}</span>
          </th>
        </tr>
      )}
      {rows.map((row) => (
        <BoardRow
          key={row.model}
          row={row}
          scale={table.scale}
          mark={row.model === table.chosen?.model ? 'chosen' : table.near.has(row.model) ? 'near' : null}
          isOpen={row.model === table.opened}
          isTabStop={row.model === reachable}
          hasMedals={components <= 1}
          language={language.value}
          onPoint={table.onPoint}
          onFocus={table.onFocus}
          onToggle={table.onToggle}
        />
      ))}
    </tbody>
  )
}

const COLUMNS = 9

function BoardHead({ scale, sorting, onSort }: Pick<BoardTableProps, 'scale' | 'sorting' | 'onSort'>) {
  const words = leaderboardTexts()
  const head = (key: SortKey, text: string, classes: string) => (
    <SortHead key={key} of={key} text={text} classes={classes} sorting={sorting} onSort={onSort} />
  )
  return (
    <thead>
      <tr>
        <th scope="col">{words.rank}</th>
        {head('model', words.model, 'nm')}
        {head('rating', words.rating, 'n r')}
        <th scope="col">
          <span class="vh">{words.margin}</span>
        </th>
        <th scope="col" class="iv">
          <span class="cap">{words.interval}</span>
          <Axis scale={scale} />
        </th>
        {head('votes', words.votes, 'n c2')}
        {head('winRate', words.winRate, 'n c3')}
        {head('elo', words.elo, 'n c4')}
        {head('license', words.license, 'c5')}
      </tr>
    </thead>
  )
}

interface SortHeadProps {
  readonly of: SortKey
  readonly text: string
  readonly classes: string
  readonly sorting: Sorting
  readonly onSort: (sorting: Sorting) => void
}

function SortHead({ of: key, text, classes, sorting, onSort }: SortHeadProps) {
  const isSorted = sorting.key === key
  const direction = sorting.descending ? 'descending' : 'ascending'
  return (
    <th scope="col" class={classes} {...(isSorted ? { 'aria-sort': direction } : {})}>
      <button type="button" onClick={() => onSort(nextSorting(sorting, key))}>
        <span>{text}</span>
        {isSorted && <Icon name={sorting.descending ? 'arrow-down' : 'arrow-up'} />}
      </button>
    </th>
  )
}

function Axis({ scale }: { scale: BoardScale }) {
  return (
    <div class="axis" aria-hidden="true">
      {scale.ticks.map((tick) => (
        <span key={tick} style={{ left: `${placeOn(scale, tick)}%` }}>
          {formatRating(tick)}
        </span>
      ))}
    </div>
  )
}

/** The chosen model's interval as a band through all rows. */
function bandOf(chosen: LeaderboardRow | null, scale: BoardScale): Record<string, string> {
  if (!chosen || chosen.lower === null || chosen.upper === null) return { '--bl': '0%', '--bw': '0%' }
  const left = placeOn(scale, chosen.lower)
  return { '--bl': `${left}%`, '--bw': `${placeOn(scale, chosen.upper) - left}%` }
}

function leaves({ currentTarget, relatedTarget }: FocusEvent): boolean {
  return !(currentTarget instanceof Element && relatedTarget instanceof Node && currentTarget.contains(relatedTarget))
}

/** The arrow keys go from name to name; one stop of the tab key is enough for hundreds of rows. */
function moveFocus(event: KeyboardEvent & { currentTarget: Element }): void {
  const names = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button.name')]
  const at = names.findIndex((name) => name === document.activeElement)
  if (at < 0) return
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: names.length - 1,
  }
  const target = targets[event.key]
  if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  names[Math.max(0, Math.min(names.length - 1, target))]?.focus()
}

/** The table's geometry while its rows are on their way: still blocks, no shimmer. */
export function LoadingTable({ sorting }: { sorting: Sorting }) {
  const scale = { from: 0, to: 1, ticks: [] }
  const widths = [16, 120, 34, 22, 0, 40, 40, 34, 70]
  const classes = ['rk', 'nm', 'n r', 'ci', 'iv', 'n c2', 'n c3', 'n c4', 'c5']
  return (
    <div class="board-scroll">
      <table class="board" aria-hidden="true">
        <BoardHead scale={scale} sorting={sorting} onSort={() => {}} />
        <tbody>
          {Array.from({ length: 12 }, (_, line) => (
            <tr key={line} class="ph">
              {widths.map((width, column) => (
                <td key={column} class={classes[column] ?? ''}>
                  {column === 4 ? (
                    <div class="pl" />
                  ) : (
                    <i style={{ width: `${column === 1 ? width + ((line * 37) % 80) : width}px` }} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
