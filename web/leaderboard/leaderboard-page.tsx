import { useEffect, useMemo, useReducer, useRef } from 'preact/hooks'
import type { Api } from '../api.ts'
import type { PageProps } from '../shell/page.ts'
import { query as address, rewriteAddress } from '../shell/router.tsx'
import { useTitle } from '../shell/title.ts'
import type { ArenaSocket } from '../socket.ts'
import { boardAddress, parseBoardQuery } from './board-query.ts'
import { categoryName } from './category-names.ts'
import { type LeaderboardState, openLeaderboard, reduceLeaderboard } from './leaderboard-state.ts'
import { leaderboardTexts } from './leaderboard-texts.ts'
import { LeaderboardView } from './leaderboard-view.tsx'

/** Frames bring rows at once; counts by category and the last vote are read again after a while. */
const REFRESH_MS = 4_000
const RETRY_MS = 5_000

export function LeaderboardPage({ api, socket }: PageProps) {
  const search = address.value
  const query = useMemo(() => parseBoardQuery(search), [search])
  const { title } = leaderboardTexts()
  const { state, retry } = useBoard(api, socket, query.arena, query.category)
  useTitle(query.category === 'overall' ? title : `${categoryName(query.category)} · ${title}`)
  return (
    <LeaderboardView
      state={state}
      query={query}
      onQuery={(next) => rewriteAddress(boardAddress(next))}
      onRetry={retry}
    />
  )
}

/** Reads a board, follows it over the socket, and reads it again whenever that cannot tell what has changed. */
function useBoard(api: Api, socket: ArenaSocket, arena: string, category: string) {
  const [known, dispatch] = useReducer(reduceLeaderboard, openLeaderboard(arena, category))
  // Until the new category has been asked for, nothing of the old one is shown under its name.
  const state = known.category === category && known.arena === arena ? known : openLeaderboard(arena, category)
  const latest = useRef(state)
  latest.current = state
  const read = useRef<() => void>(() => {})

  useEffect(() => {
    const control = new AbortController()
    let isReading = false
    dispatch({ type: 'asked', arena, category })
    read.current = () => {
      if (isReading) return
      isReading = true
      void readBoard(api, latest.current, control.signal).then((event) => {
        isReading = false
        if (control.signal.aborted) return
        dispatch(event)
        const version = event.type === 'read' ? event.board.version : latest.current.board?.version
        if (event.type !== 'read-failed' && version !== undefined) watch(version)
      })
    }
    const watch = (version: number) => socket.send({ type: 'leaderboard-watch', arena, category, version })
    const stopFrames = socket.onFrame((frame) => {
      if (frame.type === 'leaderboard-changed') dispatch({ type: 'changed', frame })
    })
    // Versions count within one process of the server: after a break only reading again can tell whether it is the same.
    const stopOnline = socket.onOnline(() => {
      const { board } = latest.current
      if (board) watch(board.version)
      read.current()
    })
    read.current()
    return () => {
      control.abort()
      stopFrames()
      stopOnline()
      socket.send({ type: 'leaderboard-unwatch', arena, category })
    }
  }, [api, socket, arena, category])

  const isOnline = socket.connection.value !== 'offline'
  useEffect(() => dispatch({ type: 'line', isUp: isOnline, at: Date.now() }), [isOnline])
  useEffect(() => {
    if (state.isBehind) read.current()
  }, [state.isBehind, state.board?.version])
  const isRefreshDue = state.board !== null && state.readVersion !== state.board.version
  useLater(isRefreshDue, REFRESH_MS, () => read.current())
  useLater(state.reading === 'failed', RETRY_MS, () => read.current())
  const retry = () => {
    dispatch({ type: 'asked', arena, category })
    read.current()
  }
  return { state, retry }
}

async function readBoard(api: Api, { arena, category, etag }: LeaderboardState, signal: AbortSignal) {
  try {
    const found = await api.findLeaderboard({ arena, category }, { etag, signal })
    return found ? ({ type: 'read', category, ...found } as const) : ({ type: 'read-same', category } as const)
  } catch {
    // Whatever it was, the page goes on with what it has and says so.
    return { type: 'read-failed', category } as const
  }
}

/** Does something after a while, again and again, as long as it is due. */
function useLater(isDue: boolean, afterMs: number, act: () => void): void {
  const action = useRef(act)
  action.current = act
  useEffect(() => {
    if (!isDue) return
    const timer = setInterval(() => action.current(), afterMs)
    return () => clearInterval(timer)
  }, [isDue, afterMs])
}
