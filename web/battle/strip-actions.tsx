import { SIDES } from '../../contract/outcome.ts'
import { texts } from '../i18n/texts.ts'
import { copyText } from '../shell/copy-text.ts'
import { Icon } from '../shell/icon.tsx'
import type { BattleController } from './battle-controller.ts'
import { type BattleState, lastTurn, phaseOf } from './battle-state.ts'
import { Menu, type MenuItem } from './menu.tsx'
import type { ReadingChoices } from './reading-choices.ts'

interface StripActionsProps {
  readonly state: BattleState
  readonly controller: BattleController
  readonly reading: ReadingChoices
  readonly onFollowUp: () => void
  readonly onKeys: () => void
}

/** What can be done with the battle itself, beside its prompt. */
export function StripActions({ state, controller, reading, onFollowUp, onKeys }: StripActionsProps) {
  const { actions, keys } = texts().battle
  const phase = phaseOf(state)
  const isLive = state.battle?.kind === 'live'
  const turn = state.battle && lastTurn(state.battle)
  const canGoOn = isLive && phase === 'ready'
  const items: (MenuItem | false)[] = [
    canGoOn && { text: actions.followUp, hint: 'F', onChoose: onFollowUp },
    canGoOn && { text: actions.askAgain, hint: 'R', onChoose: controller.regenerate },
    { text: isLive ? actions.newBattle : actions.nextPair, hint: 'N', onChoose: controller.newBattle },
    { text: actions.rawBoth, hint: 'T', onChoose: reading.toggleRawOfBoth },
    ...SIDES.map((side) => ({ text: actions.copySide(side), onChoose: () => void copyText(turn?.[side].text ?? '') })),
    { text: keys.title, hint: '?', onChoose: onKeys },
  ]
  return (
    <>
      {phase === 'streaming' && (
        <button type="button" class="btn bare" onClick={controller.stop}>
          <Icon name="square" />
          {actions.stop} <kbd aria-hidden="true">Esc</kbd>
        </button>
      )}
      {canGoOn && (
        <button type="button" class="btn bare x" onClick={onFollowUp}>
          {actions.followUp} <kbd aria-hidden="true">F</kbd>
        </button>
      )}
      <button
        type="button"
        class="ib x"
        aria-pressed={reading.inStep}
        aria-label={actions.inStep}
        title={actions.inStep}
        onClick={reading.toggleInStep}
      >
        <Icon name="arrow-up-down" />
      </button>
      <Menu label={actions.more} items={items.filter((item) => item !== false)} />
    </>
  )
}
