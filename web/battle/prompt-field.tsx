import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

interface PromptFieldProps {
  readonly field?: RefObject<HTMLTextAreaElement | null>
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onInput: (text: string) => void
  readonly onSend: () => void
}

/** Enter sends, Shift+Enter begins a new line. Grows with its text, up to what the style sheet allows. */
export function PromptField({ field, label, placeholder, value, onInput, onSend }: PromptFieldProps) {
  const own = useRef<HTMLTextAreaElement>(null)
  const ref = field ?? own
  useLayoutEffect(() => {
    const area = ref.current
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight}px`
  }, [value, ref])
  return (
    <textarea
      ref={ref}
      rows={1}
      aria-label={label}
      placeholder={placeholder}
      value={value}
      dir="auto"
      enterkeyhint="send"
      onInput={(event) => onInput(event.currentTarget.value)}
      onKeyDown={(event) => {
        // The Enter that ends a composed word belongs to the input method.
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
        event.preventDefault()
        onSend()
      }}
    />
  )
}
