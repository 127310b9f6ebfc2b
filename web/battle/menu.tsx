import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../shell/icon.tsx'

export interface MenuItem {
  readonly text: string
  readonly hint?: ComponentChildren
  readonly onChoose: () => void
}

/** A button that opens a short list of further actions. Escape, a choice or a press elsewhere closes it. */
export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const [opened, setOpened] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!opened) return
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpened(false)
    }
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('focusin', closeOutside)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      document.removeEventListener('focusin', closeOutside)
    }
  }, [opened])
  const choose = (item: MenuItem) => {
    setOpened(false)
    button.current?.focus()
    item.onChoose()
  }
  return (
    <div
      class="menu"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !opened) return
        event.stopPropagation()
        setOpened(false)
        button.current?.focus()
      }}
    >
      <button
        ref={button}
        type="button"
        class="ib"
        aria-expanded={opened}
        aria-label={label}
        title={label}
        onClick={() => setOpened(!opened)}
      >
        <Icon name="ellipsis" />
      </button>
      {opened && (
        <ul>
          {items.map((item) => (
            <li key={item.text}>
              <button type="button" onClick={() => choose(item)}>
                <span>{item.text}</span>
                {item.hint && <kbd>{item.hint}</kbd>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
