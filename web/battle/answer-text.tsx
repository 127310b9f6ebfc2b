import { texts } from '../i18n/texts.ts'
import { MarkdownView } from '../markdown/markdown-view.tsx'
import { languageOf } from './answer-language.ts'

interface AnswerTextProps {
  readonly text: string
  readonly raw: boolean
  /** Text is still to come on this side. */
  readonly writing: boolean
  /** Nothing more will come: an empty text is an empty answer. */
  readonly over: boolean
}

export function AnswerText({ text, raw, writing, over }: AnswerTextProps) {
  const { battle } = texts()
  if (text === '' && !writing) return over ? <p class="dim">{battle.emptyAnswer}</p> : null
  return (
    <div class={writing ? 'text writing' : 'text'} lang={languageOf(text)}>
      {raw ? (
        <pre class="raw" dir="auto">
          {text}
        </pre>
      ) : (
        <MarkdownView text={text} streaming={writing} />
      )}
      {writing && <span class="caret" aria-hidden="true" />}
    </div>
  )
}
