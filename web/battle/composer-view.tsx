import { useEffect, useRef, useState } from 'preact/hooks'
import type { ArenaStatus, Suggestion } from '../../contract/arena.ts'
import { texts } from '../i18n/texts.ts'
import { Icon } from '../shell/icon.tsx'
import { tabMemory } from '../storage.ts'
import { PromptField } from './prompt-field.tsx'

const DRAFT = 'ringside.draft'
/** More than this and the page reads like a list instead of an invitation. */
const SHOWN = 5

interface ComposerViewProps {
  readonly arena: ArenaStatus
  readonly suggestions: readonly Suggestion[]
  readonly onSend: (prompt: string) => void
  readonly onPreparedPair: () => void
}

/** The empty page of an arena with models: one question, and some to choose from. */
export function ComposerView({ arena, suggestions, onSend, onPreparedPair }: ComposerViewProps) {
  const { start, actions, prompt: promptLabel } = texts().battle
  const [prompt, setPrompt] = useState(() => tabMemory.read(DRAFT) ?? '')
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus()
  }, [])

  const write = (text: string) => {
    setPrompt(text)
    tabMemory.write(DRAFT, text)
  }
  const take = (text: string) => {
    write(text)
    field.current?.focus()
  }
  const tooMany = prompt.length - arena.promptMaxChars
  const sendable = prompt.trim() !== '' && tooMany <= 0
  const send = () => sendable && onSend(prompt)

  return (
    <main id="main" class="mid-page">
      <div class="start">
        <h1>{start.title}</h1>
        <p class="lede">{start.lede}</p>
        <form
          class="box"
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <PromptField
            field={field}
            label={promptLabel}
            placeholder={start.placeholder}
            value={prompt}
            onInput={write}
            onSend={send}
          />
          <footer>
            {suggestions.length > 0 && (
              <button type="button" class="btn bare" onClick={() => take(pickAny(suggestions, prompt))}>
                <Icon name="shuffle" />
                {actions.surprise}
              </button>
            )}
            {tooMany > 0 && <span role="status">{start.tooLong(tooMany)}</span>}
            <button type="submit" class="btn go" aria-disabled={!sendable}>
              {actions.compare} <kbd>{<Icon name="corner-down-left" />}</kbd>
            </button>
          </footer>
        </form>
        {arena.preparedBattles && (
          <p class="or">
            <button type="button" class="link" onClick={onPreparedPair}>
              {actions.preparedPair}
            </button>
          </p>
        )}
        {suggestions.length > 0 && (
          <section class="sugg">
            <h2>{start.suggestions}</h2>
            <ul>
              {suggestions.slice(0, SHOWN).map(({ prompt: text, language }) => (
                <li key={text}>
                  <button type="button" lang={language} onClick={() => take(text)}>
                    {text}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        <p class="small">{start.privacy}</p>
      </div>
    </main>
  )
}

/** Forgotten once a battle has begun with it. */
export const forgetDraft = () => tabMemory.remove(DRAFT)

function pickAny(suggestions: readonly Suggestion[], but: string): string {
  const others = suggestions.filter(({ prompt }) => prompt !== but)
  return others[Math.floor(Math.random() * others.length)]?.prompt ?? but
}
