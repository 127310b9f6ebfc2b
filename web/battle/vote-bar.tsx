import type { ComponentChildren, RefObject } from 'preact'
import type { Outcome } from '../../contract/outcome.ts'
import { texts } from '../i18n/texts.ts'
import { Icon } from '../shell/icon.tsx'
import { SideBadge } from './side-badge.tsx'

interface VotePadProps {
  readonly enabled: boolean
  /** The key that was pressed and whose vote is on its way; `waits` while it cannot get out. */
  readonly given: { readonly outcome: Outcome; readonly waits: boolean } | null
  readonly onVote: (outcome: Outcome) => void
}

/** A direction pad laid flat: the arrow keys vote where they point. */
export function VotePad({ enabled, given, onVote }: VotePadProps) {
  const { verdict, notes } = texts().battle
  const key = (outcome: Outcome, place: string, children: ComponentChildren) => {
    const isGiven = given?.outcome === outcome
    return (
      <button
        type="button"
        class={`v ${place}${isGiven ? ' kept' : ''}`}
        aria-disabled={!enabled}
        {...(isGiven ? { 'aria-pressed': true } : {})}
        onClick={() => enabled && onVote(outcome)}
      >
        {children}
        {isGiven && given.waits && <span class="wt">{notes.waiting}</span>}
      </button>
    )
  }
  return (
    <div class="pad">
      {key(
        'a',
        'for-a',
        <>
          <kbd aria-hidden="true">
            <Icon name="arrow-left" />
          </kbd>
          <SideBadge side="a" />
          <span>{verdict.a}</span>
        </>,
      )}
      {key(
        'tie',
        'for-tie',
        <>
          <Glyph d="M3 8.5h12M3 13.5h12" />
          <span>{verdict.tie}</span>
          <kbd aria-hidden="true">
            <Icon name="arrow-up" />
          </kbd>
        </>,
      )}
      {key(
        'both_bad',
        'for-none',
        <>
          <Glyph d="M4.5 6.5l9 9M13.5 6.5l-9 9" />
          <span>{verdict.both_bad}</span>
          <kbd aria-hidden="true">
            <Icon name="arrow-down" />
          </kbd>
        </>,
      )}
      {key(
        'b',
        'for-b',
        <>
          <SideBadge side="b" />
          <span>{verdict.b}</span>
          <kbd aria-hidden="true">
            <Icon name="arrow-right" />
          </kbd>
        </>,
      )}
    </div>
  )
}

/** On a phone there are no arrow keys: the middle two carry a sign instead. */
function Glyph({ d }: { d: string }) {
  return (
    <svg class="gl ic" aria-hidden="true" viewBox="0 0 18 22">
      <path d={d} />
    </svg>
  )
}

/** What can be done with a battle that cannot be judged, in the middle cells of the pad. */
export function TroublePad({ onAskAgain, onNewBattle }: { onAskAgain: () => void; onNewBattle: () => void }) {
  const { actions } = texts().battle
  return (
    <div class="pad after trouble">
      <div class="cell for-a" aria-hidden="true">
        <SideBadge side="a" />
      </div>
      <div class="mid">
        <button type="button" class="btn go" onClick={onAskAgain}>
          {actions.askAgain} <kbd aria-hidden="true">R</kbd>
        </button>
        <button type="button" class="btn" onClick={onNewBattle}>
          {actions.newBattle} <kbd aria-hidden="true">N</kbd>
        </button>
      </div>
      <div class="cell for-b" aria-hidden="true">
        <SideBadge side="b" />
      </div>
    </div>
  )
}

interface NextButtonProps {
  readonly next: RefObject<HTMLButtonElement | null>
  readonly onNext: () => void
}

export function NextButton({ next, onNext }: NextButtonProps) {
  const { actions } = texts().battle
  return (
    <button type="button" class="btn go" ref={next} onClick={onNext}>
      {actions.next}{' '}
      <kbd aria-hidden="true">
        <Icon name="corner-down-left" />
      </kbd>
    </button>
  )
}
