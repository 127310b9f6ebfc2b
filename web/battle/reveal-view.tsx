import type { RefObject } from 'preact'
import type { RevealedBattle, RevealedModel } from '../../contract/battle.ts'
import type { Side } from '../../contract/outcome.ts'
import { formatChange, formatCountdown, formatRating } from '../i18n/format.ts'
import { texts } from '../i18n/texts.ts'
import { useSeconds } from '../shell/clock.ts'
import { Icon } from '../shell/icon.tsx'
import { SideBadge } from './side-badge.tsx'
import { NextButton } from './vote-bar.tsx'

interface RevealViewProps {
  readonly battle: RevealedBattle
  readonly undoUntil: number | null
  readonly next: RefObject<HTMLButtonElement | null>
  readonly onNext: () => void
  readonly onUndo: () => void
}

/** The keys that were pressed become names: same cells, same size, no shift. */
export function RevealView({ battle, undoUntil, next, onNext, onUndo }: RevealViewProps) {
  return (
    <div class="pad after">
      <Plate side="a" battle={battle} />
      <div class="mid rise d1">
        <NextButton next={next} onNext={onNext} />
        <UndoButton until={undoUntil} onUndo={onUndo} />
      </div>
      <Plate side="b" battle={battle} />
    </div>
  )
}

function Plate({ side, battle }: { side: Side; battle: RevealedBattle }) {
  const { reveal: words, sample } = texts().battle
  const model = battle.reveal[side]
  const isChosen = battle.vote?.outcome === side
  // A written sample has no maker: the tag stands in its place.
  const maker = model.sample ? null : model.organization
  const details = [maker, isChosen && words.yourChoice].filter((part) => typeof part === 'string')
  return (
    <div class={`plate plate-${side}${isChosen ? ' won' : ''} rise`}>
      <SideBadge side={side} />
      <div class="id">
        <div class="nm" title={model.name}>
          {model.name}
        </div>
        <div class="by">
          {model.sample && <span class="tag">{sample.tag}</span>}
          <span>{details.join(' · ')}</span>
        </div>
      </div>
      <Rating model={model} />
    </div>
  )
}

function Rating({ model }: { model: RevealedModel }) {
  const { reveal: words } = texts().battle
  const { rating, margin, change, preliminary } = model
  if (rating === null) {
    return (
      <div class="rt">
        <span>{words.notRated}</span>
      </div>
    )
  }
  return (
    <div class="rt">
      <div>
        <span class="vh">{words.rating} </span>
        <b>{formatRating(rating)}</b> {margin !== null && <small>±{formatRating(margin)}</small>}
      </div>
      <span>
        {preliminary && <span class="tag">{words.preliminary}</span>}
        {change !== null && words.byThisVote(formatChange(change))}
      </span>
    </div>
  )
}

function UndoButton({ until, onUndo }: { until: number | null; onUndo: () => void }) {
  const { actions } = texts().battle
  const now = useSeconds(until !== null)
  const leftMs = until === null ? 0 : until - now
  const isOver = leftMs <= 0
  return (
    <button type="button" class="btn undo" aria-disabled={isOver} onClick={() => !isOver && onUndo()}>
      <Icon name="undo" />
      <span>
        {actions.undo} {!isOver && <span class="dim num">{formatCountdown(leftMs)}</span>}
      </span>{' '}
      <kbd aria-hidden="true">Z</kbd>
    </button>
  )
}
