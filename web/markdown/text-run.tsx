import { useState } from 'preact/hooks'
import { formatCount } from '../i18n/format.ts'
import { LIMITS } from './markdown-limits.ts'
import { markdownTexts } from './markdown-texts.ts'
import { type Sign, type TextKind, toVisiblePieces } from './visible-text.ts'

/** Text as it is, with a sign for every character that would hide or do something to the text around it. */
export function TextRun({ text, kind }: { text: string; kind: TextKind }) {
  const pieces = toVisiblePieces(text, kind)
  if (pieces.length === 1 && typeof pieces[0] === 'string') return <>{pieces[0]}</>
  return <>{pieces.map((piece, key) => (typeof piece === 'string' ? piece : <SignView key={key} {...piece} />))}</>
}

function SignView({ sign, count }: Sign) {
  return (
    <span class="sign" title={markdownTexts().hiddenCharacter(sign, count)}>
      {count === 1 ? sign : `${sign} ×${formatCount(count)}`}
    </span>
  )
}

/** Long text by portions. Returns the part to show and the control for the next portion. */
export function usePortion(text: string): { shown: string; more: preact.VNode | null } {
  const [portions, showPortions] = useState(1)
  const end = endOfPortion(text, portions * LIMITS.plainChars)
  if (end >= text.length) return { shown: text, more: null }
  const more = (
    <button type="button" class="btn rest" onClick={() => showPortions(portions + 1)}>
      {markdownTexts().showRest(formatCount(text.length - end))}
    </button>
  )
  return { shown: text.slice(0, end), more }
}

/** Cuts at the end of a line where one is near, and never inside a character. */
function endOfPortion(text: string, most: number): number {
  if (text.length <= most) return text.length
  const line = text.lastIndexOf('\n', most)
  const end = line > most - 2_000 && line > 0 ? line : most
  return /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) ? end - 1 : end
}

/** Text as it was written, with its lines. */
export function PlainText({ text }: { text: string }) {
  const { shown, more } = usePortion(text)
  return (
    <div class="plain">
      <p dir="auto">
        <TextRun text={shown} kind="prose" />
      </p>
      {more}
    </div>
  )
}
