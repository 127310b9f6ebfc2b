import type { ArenaStatus } from '../../contract/arena.ts'
import { formatClock, formatCountdown } from '../i18n/format.ts'
import { texts } from '../i18n/texts.ts'
import { useSeconds } from '../shell/clock.ts'
import type { Connection } from '../socket.ts'
import type { Asking, Refusal } from './battle-state.ts'
import { MessagePanel } from './message-panel.tsx'

/* The views in which there is no battle on the page: each says what is the matter and has a way out. */

export function ConnectingView({ connection }: { connection: Connection }) {
  const { battle } = texts()
  const isOffline = connection === 'offline'
  return (
    <MessagePanel title={isOffline ? battle.unreachable : battle.connecting} isLate>
      {isOffline && <p>{battle.notes.offlineRetry}</p>}
    </MessagePanel>
  )
}

export function WaitingView(props: { asking: Asking; connection: Connection; onLeave: () => void }) {
  const { asking, connection, onLeave } = props
  const { waiting, actions } = texts().battle
  const now = useSeconds(true)
  const isOffline = connection !== 'online'
  return (
    <MessagePanel
      isLate
      prompt={asking.prompt}
      title={asking.prompt === null ? waiting.prepared : waiting.live}
      actions={
        <button type="button" class="btn" onClick={onLeave}>
          {actions.leave} <kbd>Esc</kbd>
        </button>
      }
    >
      {isOffline && <p>{waiting.keptOffline}</p>}
      {!isOffline && asking.prompt !== null && <p>{waiting.kept}</p>}
      <dl aria-live="off">
        <div>
          <dt>{waiting.time}</dt>
          <dd>{formatCountdown(now - asking.since)}</dd>
        </div>
      </dl>
    </MessagePanel>
  )
}

export function RefusedView(props: { refusal: Refusal; onRetry: () => void; onLeave: () => void }) {
  const { refusal, onRetry, onLeave } = props
  const { refusals, refusedDetail, actions } = texts().battle
  return (
    <MessagePanel
      prompt={refusal.prompt}
      title={refusals[refusal.code]}
      actions={
        <>
          <button type="button" class="btn go" onClick={onRetry}>
            {actions.tryAgain}
          </button>
          <button type="button" class="btn" onClick={onLeave}>
            {actions.toStart}
          </button>
        </>
      }
    >
      {refusal.prompt !== null && <p>{refusedDetail.kept}</p>}
      {refusal.retryAt !== null && <p>{refusedDetail.from(formatClock(refusal.retryAt))}</p>}
    </MessagePanel>
  )
}

/** No model is connected: says so, and offers what can be done without any. */
export function NoModelsView(props: { arena: ArenaStatus; onPreparedPair: () => void; onConnect: () => void }) {
  const { arena, onPreparedPair, onConnect } = props
  const { noModels, actions, sample } = texts().battle
  return (
    <MessagePanel
      title={noModels.title}
      actions={
        <>
          {arena.preparedBattles && (
            <button type="button" class="btn go" onClick={onPreparedPair}>
              {actions.preparedPair}
            </button>
          )}
          <button type="button" class="btn" onClick={onConnect}>
            {sample.connect}
          </button>
        </>
      }
    >
      <p>{arena.preparedBattles ? noModels.lede : noModels.nothing}</p>
    </MessagePanel>
  )
}
