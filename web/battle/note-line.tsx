import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import type { ArenaStatus } from '../../contract/arena.ts'
import { texts } from '../i18n/texts.ts'
import { useSeconds } from '../shell/clock.ts'
import { Link } from '../shell/router.tsx'
import type { Connection } from '../socket.ts'
import { type BattleState, lastTurn, phaseOf } from './battle-state.ts'

/** After so long without a word the person is told that it is not the page. */
const SLOW_MS = 8_000

interface NoteLineProps {
  readonly state: BattleState
  readonly connection: Connection
  readonly arena: ArenaStatus
  readonly onConnect: () => void
  readonly onNext: () => void
}

/** One line over the keys: what is asked, why it cannot be answered yet, what became of the vote. */
export function NoteLine({ state, connection, arena, onConnect, onNext }: NoteLineProps) {
  const { sample, actions } = texts().battle
  const phase = phaseOf(state)
  const isBlind = phase !== 'revealed' && phase !== 'withdrawn'
  return (
    <div class="note">
      <span>
        <Note state={state} connection={connection} />
      </span>
      {phase === 'revealed' && (
        <span class="aside">
          <Link href="/leaderboard">{actions.toLeaderboard}</Link>
        </span>
      )}
      {phase === 'withdrawn' && (
        <span class="aside">
          <button type="button" onClick={onNext}>
            {actions.next}
          </button>
        </span>
      )}
      {isBlind && arena.sampleArena && (
        <span class="aside">
          <span class="wide">{sample.note} · </span>
          <span class="narrow">{sample.short} · </span>
          <button type="button" onClick={onConnect}>
            {sample.connect}
          </button>
        </span>
      )}
    </div>
  )
}

function Note({ state, connection }: { state: BattleState; connection: Connection }): ComponentChildren {
  const { notes, question, yourVerdict, refusals } = texts().battle
  const phase = phaseOf(state)
  if (connection === 'offline') return <OfflineNote phase={phase} />
  if (state.note) return refusals[state.note]
  if (state.asking) return notes.asking
  switch (phase) {
    case 'streaming':
      return <StreamingNote state={state} />
    case 'failed':
      return notes.noVote
    case 'interrupted':
      return notes.interrupted
    case 'voting':
      return notes.sending
    case 'withdrawn':
      return notes.withdrawn
    case 'revealed': {
      if (state.withdrawal) return notes.withdrawing
      const vote = state.battle?.status === 'revealed' ? state.battle.vote : null
      if (!vote) return null
      const mark = { 'identity-leaked': notes.leaked, revealed: notes.namesKnown }
      return vote.mark ? mark[vote.mark] : yourVerdict[vote.outcome]
    }
    default:
      return question
  }
}

function OfflineNote({ phase }: { phase: ReturnType<typeof phaseOf> }) {
  const { notes } = texts().battle
  const rest =
    phase === 'voting' ? notes.offlineVote : phase === 'streaming' ? notes.offlineStreaming : notes.offlineRetry
  return (
    <>
      <b>{notes.offline}</b> {rest}
    </>
  )
}

function StreamingNote({ state }: { state: BattleState }) {
  const { notes } = texts().battle
  const turn = state.battle && lastTurn(state.battle)
  const isSilent = turn?.a.text === '' && turn.b.text === ''
  // Silence is counted from the moment at which this note began to show it.
  const now = useSeconds(isSilent)
  const since = useSilence(isSilent)
  return <>{isSilent && now - since > SLOW_MS ? notes.slow : notes.votingLater}</>
}

function useSilence(isSilent: boolean): number {
  const start = useRef(Date.now())
  if (!isSilent) start.current = Date.now()
  return start.current
}
