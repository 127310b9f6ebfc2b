import type { RefObject } from 'preact'
import type { ArenaStatus } from '../../contract/arena.ts'
import { texts } from '../i18n/texts.ts'
import type { Connection } from '../socket.ts'
import type { BattleController } from './battle-controller.ts'
import { type BattleState, canVote, phaseOf } from './battle-state.ts'
import { FollowUp } from './follow-up.tsx'
import { NoteLine } from './note-line.tsx'
import { RevealView } from './reveal-view.tsx'
import { TroublePad, VotePad } from './vote-bar.tsx'

interface BattleBarProps {
  readonly state: BattleState
  readonly connection: Connection
  readonly arena: ArenaStatus
  readonly controller: BattleController
  readonly followingUp: boolean
  readonly bar: RefObject<HTMLElement | null>
  readonly next: RefObject<HTMLButtonElement | null>
  readonly onFollowUp: (open: boolean) => void
  readonly onConnect: () => void
}

/** All news appears here, at the bottom, and never moves the text that is being read. */
export function BattleBar(props: BattleBarProps) {
  const { state, connection, arena, controller, followingUp, bar, next, onFollowUp, onConnect } = props
  const { yourVote } = texts().battle
  const phase = phaseOf(state)
  const { battle, vote } = state
  const given = phase === 'voting' && vote ? vote : null
  return (
    <section class="bar" aria-label={yourVote} ref={bar}>
      <div>
        {followingUp && phase === 'ready' && (
          <FollowUp
            maxChars={arena.promptMaxChars}
            onClose={() => onFollowUp(false)}
            onSend={(prompt) => {
              onFollowUp(false)
              controller.followUp(prompt)
            }}
          />
        )}
        <NoteLine state={state} connection={connection} arena={arena} onConnect={onConnect} onNext={controller.next} />
        {phase === 'revealed' && battle?.status === 'revealed' && (
          <RevealView
            battle={battle}
            undoUntil={state.undoUntil}
            next={next}
            onNext={controller.next}
            onUndo={controller.undo}
          />
        )}
        {(phase === 'failed' || phase === 'interrupted') && (
          <TroublePad onAskAgain={controller.regenerate} onNewBattle={controller.newBattle} />
        )}
        {phase !== 'revealed' && phase !== 'failed' && phase !== 'interrupted' && (
          <VotePad
            enabled={canVote(state)}
            given={given && { outcome: given.outcome, waits: connection !== 'online' || given.retryAt !== null }}
            onVote={controller.vote}
          />
        )}
      </div>
    </section>
  )
}
