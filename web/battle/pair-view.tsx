import { useEffect, useRef, useState } from 'preact/hooks'
import type { BattleView } from '../../contract/battle.ts'
import { SIDES, type PerSide, type Side } from '../../contract/outcome.ts'
import { texts } from '../i18n/texts.ts'
import { AnswerPane } from './answer-pane.tsx'
import { Divider } from './divider.tsx'
import { connectPanes, type ReadingScroll } from './reading-scroll.ts'
import { SideBadge } from './side-badge.tsx'

interface PairViewProps {
  readonly battle: BattleView
  readonly raw: PerSide<boolean>
  readonly enlarged: Side | null
  readonly inStep: boolean
  /** Per cent of the width that answer A takes. */
  readonly split: number
  readonly onRaw: (side: Side) => void
  readonly onEnlarge: (side: Side) => void
  readonly onSplit: (split: number) => void
}

/** Two answers that weigh the same: side by side, or one under the other on a narrow screen. */
export function PairView(props: PairViewProps) {
  const { battle, raw, enlarged, inStep, split, onRaw, onEnlarge, onSplit } = props
  const panes = { a: useRef<HTMLElement>(null), b: useRef<HTMLElement>(null) }
  const scroll = useRef<ReadingScroll | null>(null)
  const streaming = battle.status === 'streaming'
  const last = battle.turns.at(-1)

  useEffect(() => {
    if (!panes.a.current || !panes.b.current) return
    scroll.current = connectPanes(panes.a.current, panes.b.current)
    return () => scroll.current?.detach()
  }, [])
  useEffect(() => scroll.current?.setInStep(inStep), [inStep])
  useEffect(() => scroll.current?.setStreaming(streaming), [streaming])
  useEffect(() => scroll.current?.restart(), [battle.id, last?.turn, last?.generation])

  const pane = (side: Side) => (
    <AnswerPane
      side={side}
      turns={battle.turns}
      streaming={streaming}
      trouble={battle.status === 'failed' || battle.status === 'interrupted' ? battle.status : null}
      name={battle.status === 'revealed' ? battle.reveal[side].name : null}
      raw={raw[side]}
      enlarged={enlarged === side}
      pane={panes[side]}
      onRaw={() => onRaw(side)}
      onEnlarge={() => onEnlarge(side)}
    />
  )

  return (
    <div class="wrap">
      <SideSwitch />
      <div
        class={enlarged ? `pair only-${enlarged}` : 'pair'}
        style={{ '--left': `${split}fr`, '--right': `${100 - split}fr` }}
      >
        {pane('a')}
        <Divider split={split} onSplit={onSplit} />
        {pane('b')}
      </div>
    </div>
  )
}

/** On a narrow screen: which answer is in view, and a way to the other. */
function SideSwitch() {
  const { battle } = texts()
  const [current, setCurrent] = useState<Side>('a')
  useEffect(() => {
    const second = document.getElementById('answer-b')
    if (!second) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry) setCurrent(entry.isIntersecting || entry.boundingClientRect.top < 0 ? 'b' : 'a')
      },
      // In view is what has passed the middle of the window.
      { rootMargin: '0px 0px -50% 0px' },
    )
    observer.observe(second)
    return () => observer.disconnect()
  }, [])
  return (
    <nav class="switch" aria-label={battle.answers}>
      {SIDES.map((side) => (
        <button
          key={side}
          type="button"
          {...(current === side ? { 'aria-current': 'true' as const } : {})}
          onClick={() => document.getElementById(`answer-${side}`)?.scrollIntoView({ block: 'start' })}
        >
          <SideBadge side={side} />
          {battle.answer(side)}
        </button>
      ))}
    </nav>
  )
}
