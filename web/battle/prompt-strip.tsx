import type { ComponentChildren, RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { texts } from '../i18n/texts.ts'
import { Icon } from '../shell/icon.tsx'

interface PromptStripProps {
  readonly strip: RefObject<HTMLElement | null>
  readonly prompt: string
  readonly children: ComponentChildren
}

/** The prompt over both answers: three lines, the rest on demand. */
export function PromptStrip({ strip, prompt, children }: PromptStripProps) {
  const { battle } = texts()
  const text = useRef<HTMLParagraphElement>(null)
  const [opened, setOpened] = useState(false)
  const [isLong, setLong] = useState(false)
  useLayoutEffect(() => {
    setOpened(false)
    const measure = () => text.current && setLong(isCut(text.current))
    measure()
    addEventListener('resize', measure)
    return () => removeEventListener('resize', measure)
  }, [prompt])
  const label = opened ? battle.actions.showLess : battle.actions.showAll
  return (
    <section class="ask" aria-label={battle.prompt} ref={strip} tabIndex={-1}>
      <h1 class="vh">{battle.title}</h1>
      <div>
        <p ref={text} class={opened ? 'open' : ''} dir="auto" {...(opened ? { tabIndex: 0 } : {})}>
          {prompt}
        </p>
        <div class="acts">
          {(isLong || opened) && (
            <button
              type="button"
              class="ib chev"
              aria-expanded={opened}
              aria-label={label}
              title={label}
              onClick={() => setOpened(!opened)}
            >
              <Icon name="chevron-down" />
            </button>
          )}
          {children}
        </div>
      </div>
    </section>
  )
}

const isCut = (element: HTMLElement) => element.scrollHeight > element.clientHeight + 1
