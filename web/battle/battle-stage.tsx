import { useEffect, useRef } from 'preact/hooks'
import type { ArenaStatus } from '../../contract/arena.ts'
import type { Connection } from '../socket.ts'
import { BattleBar } from './battle-bar.tsx'
import type { BattleController } from './battle-controller.ts'
import { type BattleState, lastTurn, phaseOf } from './battle-state.ts'
import { PairView } from './pair-view.tsx'
import { PromptStrip } from './prompt-strip.tsx'
import type { ReadingChoices } from './reading-choices.ts'
import { StripActions } from './strip-actions.tsx'

interface BattleStageProps {
  readonly state: BattleState
  readonly arena: ArenaStatus
  readonly connection: Connection
  readonly controller: BattleController
  readonly reading: ReadingChoices
  readonly followingUp: boolean
  readonly onFollowUp: (open: boolean) => void
  readonly onConnect: () => void
  readonly onKeys: () => void
}

/** A battle on the page: its prompt, its two answers, the bar. */
export function BattleStage(props: BattleStageProps) {
  const { state, arena, connection, controller, reading, followingUp, onFollowUp, onConnect, onKeys } = props
  const { battle } = state
  const strip = useRef<HTMLElement>(null)
  const bar = useRef<HTMLElement>(null)
  const next = useRef<HTMLButtonElement>(null)
  useFocusInBar({ battleId: battle?.id, isRevealed: phaseOf(state) === 'revealed', bar, next, strip })
  const turn = battle && lastTurn(battle)
  if (!battle || !turn) return null
  return (
    <main id="main" class="battle">
      <PromptStrip strip={strip} prompt={turn.prompt}>
        <StripActions {...{ state, controller, reading, onKeys }} onFollowUp={() => onFollowUp(true)} />
      </PromptStrip>
      <PairView
        battle={battle}
        raw={reading.raw}
        enlarged={reading.enlarged}
        inStep={reading.inStep}
        split={reading.split}
        onRaw={reading.toggleRaw}
        onEnlarge={reading.toggleEnlarged}
        onSplit={reading.setSplit}
      />
      <BattleBar {...{ state, connection, arena, controller, followingUp, bar, next, onFollowUp, onConnect }} />
    </main>
  )
}

interface FocusInBar {
  readonly battleId: string | undefined
  readonly isRevealed: boolean
  readonly bar: { readonly current: HTMLElement | null }
  readonly next: { readonly current: HTMLElement | null }
  readonly strip: { readonly current: HTMLElement | null }
}

/** A pressed key of the bar is replaced by what it led to; whoever was on it with the keyboard must not be lost. */
function useFocusInBar({ battleId, isRevealed, bar, next, strip }: FocusInBar): void {
  const wasInBar = useRef(false)
  useEffect(() => {
    const remember = () => {
      wasInBar.current = bar.current?.contains(document.activeElement) ?? false
    }
    // A key that is pressed elsewhere tells that the focus has left, which a removed field does not.
    document.addEventListener('focusin', remember)
    document.addEventListener('keydown', remember, true)
    return () => {
      document.removeEventListener('focusin', remember)
      document.removeEventListener('keydown', remember, true)
    }
  }, [])
  useEffect(() => {
    if (isRevealed && wasInBar.current) next.current?.focus()
  }, [isRevealed])
  useEffect(() => {
    if (!wasInBar.current) return
    wasInBar.current = false
    strip.current?.focus({ preventScroll: true })
  }, [battleId])
}
