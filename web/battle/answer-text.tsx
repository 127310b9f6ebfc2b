import type { ComponentType } from 'preact'
import { texts } from '../i18n/texts.ts'
import { languageOf } from './answer-language.ts'

interface MarkdownViewProps {
  text: string
  streaming: boolean
  lang: string
}

const found = import.meta.glob<{ MarkdownView: ComponentType<MarkdownViewProps> }>('../markdown/markdown-view.tsx', {
  eager: true,
})
const MarkdownView = found['../markdown/markdown-view.tsx']?.MarkdownView

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
  const lang = languageOf(text)
  return (
    <>
      {raw || !MarkdownView ? (
        <pre class="raw" lang={lang} dir="auto">
          {text}
        </pre>
      ) : (
        <MarkdownView text={text} streaming={writing} lang={lang} />
      )}
      {writing && <span class="caret" aria-hidden="true" />}
    </>
  )
}
