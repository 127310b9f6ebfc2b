import type { ComponentChildren } from 'preact'
import { Mark } from '../shell/mark.tsx'

interface MessagePanelProps {
  /** The prompt that waits, where there is one. */
  readonly prompt?: string | null
  readonly title: string
  readonly children?: ComponentChildren
  readonly actions?: ComponentChildren
  readonly isLate?: boolean
}

/** One sentence in the middle of the page: waiting, refused, unreachable. Never a spinner. */
export function MessagePanel({ prompt, title, children, actions, isLate = false }: MessagePanelProps) {
  return (
    <main id="main" class="mid-page">
      <div class={isLate ? 'queue late' : 'queue'} role="status">
        {prompt && (
          <div class="qq">
            <p class="q" dir="auto">
              {prompt}
            </p>
          </div>
        )}
        <Mark />
        <h1>{title}</h1>
        {children}
        {actions && <div class="row">{actions}</div>}
      </div>
    </main>
  )
}
