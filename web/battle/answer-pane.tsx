import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { TurnView } from '../../contract/battle.ts'
import type { Side } from '../../contract/outcome.ts'
import { texts } from '../i18n/texts.ts'
import { copyText } from '../shell/copy-text.ts'
import { Icon } from '../shell/icon.tsx'
import { AnswerText } from './answer-text.tsx'
import { SideBadge } from './side-badge.tsx'

export interface AnswerPaneProps {
  readonly side: Side
  readonly turns: readonly TurnView[]
  readonly streaming: boolean
  /** Neutral and equal on both sides; says nothing about which answer is missing. */
  readonly trouble: 'failed' | 'interrupted' | null
  /** Known only after the vote. */
  readonly name: string | null
  readonly raw: boolean
  readonly enlarged: boolean
  readonly pane: RefObject<HTMLElement | null>
  readonly onRaw: () => void
  readonly onEnlarge: () => void
}

export function AnswerPane(props: AnswerPaneProps) {
  const { side, turns, streaming, trouble, name, raw, enlarged, pane, onRaw, onEnlarge } = props
  const { battle } = texts()
  const { actions } = battle
  const last = turns.at(-1)
  return (
    <article
      class="ans"
      id={`answer-${side}`}
      ref={pane}
      tabIndex={0}
      aria-label={battle.answer(side)}
      aria-busy={streaming && last?.[side].ended === false}
    >
      <div class="head">
        <SideBadge side={side} />
        {name === null ? <h2>{battle.answer(side)}</h2> : <h2 class="who rise">{name}</h2>}
        {streaming && last?.[side].ended === false && <span class="st">{battle.beingWritten}</span>}
        <span class="t">
          <CopyButton text={last?.[side].text ?? ''} />
          <IconButton label={actions.raw} icon="code-xml" pressed={raw} onClick={onRaw} />
          <IconButton
            label={enlarged ? actions.reduce : actions.enlarge}
            icon={enlarged ? 'minimize' : 'maximize'}
            pressed={enlarged}
            onClick={onEnlarge}
          />
        </span>
      </div>
      <div class="turns">
        {turns.map((turn) => (
          <section key={`${turn.turn}.${turn.generation}`} class="turn">
            {turns.length > 1 && (
              <p class="turn-prompt" dir="auto">
                <span class="vh">{battle.turn(turn.turn)}: </span>
                {turn.prompt}
              </p>
            )}
            <AnswerText
              text={turn[side].text}
              raw={raw}
              writing={streaming && turn === last && !turn[side].ended}
              over={turn !== last || (!streaming && trouble === null)}
            />
          </section>
        ))}
        {trouble && (
          <div class="gone">
            <h3>{battle[trouble].title}</h3>
            <p>{battle[trouble].text}</p>
          </div>
        )}
      </div>
    </article>
  )
}

function IconButton(props: {
  label: string
  icon: 'code-xml' | 'maximize' | 'minimize'
  pressed: boolean
  onClick: () => void
}) {
  const { label, icon, pressed, onClick } = props
  return (
    <button type="button" class="ib" aria-label={label} title={label} aria-pressed={pressed} onClick={onClick}>
      <Icon name={icon} />
    </button>
  )
}

/** Copies the text as the model wrote it. Says so for a moment, to eye and ear. */
function CopyButton({ text }: { text: string }) {
  const { actions } = texts().battle
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => setCopied(await copyText(text))
  const label = copied ? actions.copied : actions.copy
  return (
    <button type="button" class="ib" aria-label={label} title={label} onClick={() => void copy()}>
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  )
}
