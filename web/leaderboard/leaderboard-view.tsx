import './leaderboard.css'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Leaderboard, LeaderboardRow } from '../../contract/leaderboard.ts'
import { formatClock, formatCount } from '../i18n/format.ts'
import { language } from '../i18n/language.ts'
import { Icon } from '../shell/icon.tsx'
import { Link } from '../shell/router.tsx'
import { csvName, toCsv } from './board-csv.ts'
import { HowComputed, SourceLine, Why } from './board-notes.tsx'
import { arrangeBoard, type BoardPart, keepOrder } from './board-order.ts'
import { boardAddress, type BoardQuery } from './board-query.ts'
import { scaleOf } from './board-scale.ts'
import { BoardTable, LoadingTable } from './board-table.tsx'
import { categoryName } from './category-names.ts'
import { findIndistinct } from './indistinct-models.ts'
import { type LeaderboardState, phaseOf } from './leaderboard-state.ts'
import { leaderboardTexts } from './leaderboard-texts.ts'

export interface LeaderboardViewProps {
  readonly state: LeaderboardState
  readonly query: BoardQuery
  readonly onQuery: (query: BoardQuery) => void
  readonly onRetry: () => void
}

export function LeaderboardView({ state, query, onQuery, onRetry }: LeaderboardViewProps) {
  const words = leaderboardTexts()
  const { board } = state
  const phase = phaseOf(state)
  return (
    <main id="main" class="sheet leaderboard" aria-busy={phase === 'loading'}>
      <p class="kicker">
        {words.arena(query.arena)}
        {state.silentSince !== null && board && (
          <span class="line offline" role="status">
            {words.stale(formatClock(state.silentSince))}
          </span>
        )}
      </p>
      <h1>{words.question}</h1>
      <Lede board={board} />
      {board?.sampleOnly === true && <p class="sample">{words.sample}</p>}
      <Tabs board={board} query={query} />
      {board && state.reading === 'failed' && (
        <Notice text={words.failedKept} action={words.again} onAction={onRetry} />
      )}
      {phase === 'loading' && (
        <>
          <p class="vh" role="status">
            {words.loading}
          </p>
          <LoadingTable sorting={query.sorting} />
        </>
      )}
      {phase === 'failed' && (
        <Message title={words.failed} text={words.failedAction}>
          <button type="button" class="btn" onClick={onRetry}>
            {words.again}
          </button>
        </Message>
      )}
      {phase === 'empty' && (
        <Message title={words.empty} text={query.category === 'overall' ? words.emptyAction : words.emptyCategory}>
          <Link class="btn go" href="/">
            {words.toBattle}
          </Link>
        </Message>
      )}
      {phase === 'ready' && board && <ReadyBoard board={board} query={query} onQuery={onQuery} />}
      {board && phase !== 'loading' && <HowComputed board={board} />}
    </main>
  )
}

function Lede({ board }: { board: Leaderboard | null }) {
  const words = leaderboardTexts()
  if (!board) return <p class="lede wait"> </p>
  if (board.rows.length === 0) return <p class="lede">{words.ledeEmpty}</p>
  const counted = (count: number) => ({ count, text: formatCount(count) })
  return <p class="lede">{words.lede(counted(board.rows.length), counted(board.votes))}</p>
}

/** The boards of this arena that have votes, and the one that is looked at. */
function Tabs({ board, query }: { board: Leaderboard | null; query: BoardQuery }) {
  const counts = board?.categories ?? []
  const listed = counts.some(({ category }) => category === query.category)
    ? counts
    : [...counts, { category: query.category, votes: board?.votes ?? 0 }]
  const tabs = useRef<HTMLElement>(null)
  useEffect(() => {
    // A tab far to the right must be seen when a link leads to it. Only the row of tabs moves, never the page.
    const current = tabs.current?.querySelector<HTMLElement>('[aria-current]')
    if (tabs.current && current) tabs.current.scrollLeft = current.offsetLeft - tabs.current.clientWidth / 2
  }, [query.category, listed.length])
  return (
    <nav ref={tabs} class="tabs" aria-label={leaderboardTexts().categories}>
      {listed.map(({ category, votes }) => (
        <Link
          key={category}
          href={boardAddress({ ...query, category })}
          {...(category === query.category ? { 'aria-current': 'page' as const } : {})}
        >
          {categoryName(category)}
          {category !== 'overall' && <small>{formatCount(votes)}</small>}
        </Link>
      ))}
    </nav>
  )
}

function Notice({ text, action, onAction }: { text: string; action: string; onAction: () => void }) {
  return (
    <p class="board-notice" role="status">
      {text}{' '}
      <button type="button" class="btn bare" onClick={onAction}>
        {action}
      </button>
    </p>
  )
}

function Message({ title, text, children }: { title: string; text: string; children: preact.ComponentChildren }) {
  return (
    <div class="board-message" role="status">
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  )
}

interface ReadyProps {
  readonly board: Leaderboard
  readonly query: BoardQuery
  readonly onQuery: (query: BoardQuery) => void
}

function ReadyBoard({ board, query, onQuery }: ReadyProps) {
  const words = leaderboardTexts()
  const [pointed, point] = useState<string | null>(null)
  const [focused, focus] = useState<string | null>(null)
  const [opened, open] = useState<string | null>(null)
  const arranged = useMemo(() => arrangeBoard(board.rows, query, language.value), [board.rows, query, language.value])
  const parts = useStillOrder(arranged, query, pointed !== null || focused !== null)
  const scale = useMemo(() => scaleOf(board.rows), [board.rows])
  const chosen = rowOf(parts, pointed ?? focused ?? opened)
  const near = chosen && findIndistinct(chosen, board.rows)
  const nearNames = useMemo(
    () => new Set(near?.map(({ model }) => model)),
    [near?.map(({ model }) => model).join('\n')],
  )
  const isAlone = chosen !== null && !board.rows.some((row) => row !== chosen && row.component === chosen.component)
  return (
    <>
      <Tools parts={parts} query={query} onQuery={onQuery} />
      <Why chosen={chosen} near={near} isAlone={isAlone} />
      {parts.length === 0 ? (
        <Message title={words.noMatch} text={words.noMatchAction}>
          <button type="button" class="btn" onClick={() => onQuery({ ...query, search: '', hidesPreliminary: false })}>
            {words.clear}
          </button>
        </Message>
      ) : (
        <BoardTable
          caption={`${words.arena(query.arena)}, ${categoryName(query.category)}`}
          parts={parts}
          components={board.components}
          scale={scale}
          sorting={query.sorting}
          isCompact={query.isCompact}
          chosen={chosen}
          near={nearNames}
          opened={opened}
          onSort={(sorting) => onQuery({ ...query, sorting })}
          onPoint={point}
          onFocus={focus}
          onToggle={(model) => open(model === opened ? null : model)}
        />
      )}
      <SourceLine board={board} />
    </>
  )
}

/** Rows keep their places under a pointer or the focus and catch up when it leaves; another sorting moves them at once. */
function useStillOrder(parts: readonly BoardPart[], query: BoardQuery, isHeld: boolean): readonly BoardPart[] {
  const held = useRef<{ query: BoardQuery; places: ReadonlyMap<string, number> } | null>(null)
  if (isHeld && held.current?.query === query) return keepOrder(parts, held.current.places)
  const order = parts.flatMap(({ rows }) => rows.map(({ model }) => model))
  held.current = { query, places: new Map(order.map((model, place) => [model, place])) }
  return parts
}

function rowOf(parts: readonly BoardPart[], model: string | null): LeaderboardRow | null {
  if (model === null) return null
  for (const { rows } of parts) for (const row of rows) if (row.model === model) return row
  return null
}

interface ToolsProps {
  readonly parts: readonly BoardPart[]
  readonly query: BoardQuery
  readonly onQuery: (query: BoardQuery) => void
}

function Tools({ parts, query, onQuery }: ToolsProps) {
  const words = leaderboardTexts()
  return (
    <div class="tools">
      <label class="field">
        <Icon name="search" />
        <input
          type="search"
          value={query.search}
          placeholder={words.find}
          aria-label={words.find}
          onInput={(event) => onQuery({ ...query, search: event.currentTarget.value })}
        />
      </label>
      <button
        type="button"
        class={query.hidesPreliminary ? 'pick set' : 'pick'}
        aria-pressed={query.hidesPreliminary}
        onClick={() => onQuery({ ...query, hidesPreliminary: !query.hidesPreliminary })}
      >
        {words.preliminary} <b>{query.hidesPreliminary ? words.hidden : words.shown}</b>
      </button>
      <span class="gap" />
      <button
        type="button"
        class={query.isCompact ? 'btn bare set' : 'btn bare'}
        aria-pressed={query.isCompact}
        onClick={() => onQuery({ ...query, isCompact: !query.isCompact })}
      >
        {words.compact}
      </button>
      <button
        type="button"
        class="btn bare"
        aria-label={words.csvLabel}
        title={words.csvLabel}
        onClick={() => download(csvName(query.arena, query.category), toCsv(parts.flatMap(({ rows }) => rows)))}
      >
        <Icon name="download" />
        {words.csv}
      </button>
    </div>
  )
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken the file by then; an address kept for ever would keep the file as well.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
