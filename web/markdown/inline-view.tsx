import { Component, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { Formula } from './formula.tsx'
import { markdownTexts } from './markdown-texts.ts'
import type { Inline } from './markdown-tree.ts'
import { TextRun } from './text-run.tsx'

export interface NoteNumbers {
  /** Makes the ids of one answer's notes unique on the page. */
  readonly prefix: string
  readonly numbers: ReadonlyMap<string, number>
}
export const Notes = createContext<NoteNumbers>({ prefix: '', numbers: new Map() })

/** Inline nodes keep their identity while an answer grows; the same nodes are not drawn again. */
export class Inlines extends Component<{ of: readonly Inline[] }> {
  override shouldComponentUpdate(next: { of: readonly Inline[] }) {
    return next.of !== this.props.of
  }

  override render({ of }: { of: readonly Inline[] }) {
    return (
      <>
        {of.map((inline, key) => (
          <InlineView key={key} inline={inline} />
        ))}
      </>
    )
  }
}

function InlineView({ inline }: { inline: Inline }) {
  switch (inline.kind) {
    case 'text':
      return <TextRun text={inline.text} kind="prose" />
    case 'strong':
      return (
        <strong>
          <Inlines of={inline.children} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Inlines of={inline.children} />
        </em>
      )
    case 'del':
      return (
        <del>
          <Inlines of={inline.children} />
        </del>
      )
    case 'code':
      return (
        <code dir="ltr">
          <TextRun text={inline.text} kind="code" />
        </code>
      )
    case 'break':
      return <br />
    case 'math':
      return <Formula tex={inline.tex} source={inline.source} display={inline.display} />
    case 'link':
      return (
        <LinkView href={inline.href} host={inline.shownHost}>
          <Inlines of={inline.children} />
        </LinkView>
      )
    case 'image':
      return <ImageView alt={inline.alt} href={inline.href} host={inline.host} />
    case 'note':
      return <NoteRef label={inline.label} source={inline.source} />
  }
}

interface LinkProps {
  readonly href: string
  readonly host: string | null
  readonly children: preact.ComponentChildren
}

/** Opens apart, knows nothing of us, and says where it leads when its text could be taken for another address. */
function LinkView({ href, host, children }: LinkProps) {
  return (
    <>
      <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href.slice(0, 300)}>
        {children}
      </a>
      {host !== null && <bdi class="host"> ({host})</bdi>}
    </>
  )
}

/** A picture of another host would tell that host who reads, and the reader who wrote: it is named, never loaded. */
function ImageView({ alt, href, host }: { alt: string; href: string | null; host: string | null }) {
  const text = <TextRun text={markdownTexts().image(alt)} kind="prose" />
  return href === null ? (
    <span class="picture">{text}</span>
  ) : (
    <LinkView href={href} host={host}>
      {text}
    </LinkView>
  )
}

export const noteId = (prefix: string, number: number): string => `${prefix}-note-${number}`
export const noteRefId = (prefix: string, number: number): string => `${prefix}-ref-${number}`

/** A number that leads to its footnote; while there is no such footnote, what was written. */
function NoteRef({ label, source }: { label: string; source: string }) {
  const { prefix, numbers } = useContext(Notes)
  const number = numbers.get(label)
  if (number === undefined) return <TextRun text={source} kind="prose" />
  return (
    <sup class="note-ref">
      <button
        type="button"
        id={noteRefId(prefix, number)}
        aria-label={markdownTexts().note(number)}
        onClick={() => goTo(noteId(prefix, number))}
      >
        {number}
      </button>
    </sup>
  )
}

/** Moves reader and focus without touching the address of the page. */
export function goTo(id: string): void {
  const target = document.getElementById(id)
  target?.focus({ preventScroll: true })
  target?.scrollIntoView({ block: 'nearest' })
}
