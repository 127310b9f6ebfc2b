import { useEffect, useRef, useState } from 'preact/hooks'
import { texts } from '../i18n/texts.ts'
import { Icon } from '../shell/icon.tsx'
import { tabMemory } from '../storage.ts'
import { PromptField } from './prompt-field.tsx'

const DRAFT = 'ringside.follow-up'

interface FollowUpProps {
  readonly maxChars: number
  readonly onSend: (prompt: string) => void
  readonly onClose: () => void
}

/** Goes on in the same battle, with the same two models. Opens over the vote, which waits. */
export function FollowUp({ maxChars, onSend, onClose }: FollowUpProps) {
  const { battle } = texts()
  const [prompt, setPrompt] = useState(() => tabMemory.read(DRAFT) ?? '')
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  const tooMany = prompt.length - maxChars
  const sendable = prompt.trim() !== '' && tooMany <= 0
  const send = () => {
    if (!sendable) return
    tabMemory.remove(DRAFT)
    onSend(prompt)
  }
  return (
    <form
      class="follow"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <PromptField
        field={field}
        label={battle.actions.followUp}
        placeholder={battle.followUpPlaceholder}
        value={prompt}
        onInput={(text) => {
          setPrompt(text)
          tabMemory.write(DRAFT, text)
        }}
        onSend={send}
      />
      {tooMany > 0 && <span role="status">{battle.start.tooLong(tooMany)}</span>}
      <button type="button" class="btn bare" onClick={onClose}>
        {battle.actions.cancel} <kbd>Esc</kbd>
      </button>
      <button type="submit" class="btn go" aria-disabled={!sendable}>
        {battle.actions.send}{' '}
        <kbd>
          <Icon name="corner-down-left" />
        </kbd>
      </button>
    </form>
  )
}
