import './markdown.css'
import { Component } from 'preact'
import { useEffect, useId, useMemo, useReducer, useRef, useState } from 'preact/hooks'
import { type AnswerDocument, EMPTY_DOCUMENT, orderNotes, readAnswer, type TopBlock } from './answer-document.ts'
import { BlockView, NoteList } from './block-view.tsx'
import { Notes } from './inline-view.tsx'
import { LIMITS } from './markdown-limits.ts'
import { markdownTexts } from './markdown-texts.ts'
import { PlainText } from './text-run.tsx'
import { isInvisible } from './visible-text.ts'

export interface MarkdownViewProps {
  readonly text: string
  /** More text is to come: incomplete constructs are completed for the time being. */
  readonly streaming?: boolean
  /** The level of the answer's first headings, one below the heading that the page gives the answer. */
  readonly headingLevel?: number
}

/** A model's answer. Nothing in it runs, loads anything, or reaches out of its box, whatever the text says. */
export function MarkdownView({ text, streaming = false, headingLevel = 3 }: MarkdownViewProps) {
  const prefix = useId()
  const { document, isBehind } = useAnswer(
    text.length > LIMITS.answerChars ? text.slice(0, LIMITS.answerChars) : text,
    streaming,
  )
  const [blocksShown, showBlocks] = useState<number>(LIMITS.blocks)
  const notes = useMemo(() => orderNotes(document), [document])
  const numbers = useMemo(() => new Map(notes.map(({ label }, index) => [label, index + 1])), [notes])
  const context = useMemo(() => ({ prefix, numbers }), [prefix, numbers])
  const { blocks } = document
  const held = blocks.length - blocksShown
  if (!streaming && isInvisible(text)) return <EmptyAnswer text={text} />
  const drawsNothing = !streaming && !isBehind && blocks.length === 0 && notes.length === 0
  return (
    <Notes.Provider value={context}>
      <div class="md" aria-busy={isBehind}>
        {inGroups(blocks.slice(0, blocksShown)).map((group, key) => (
          <BlockGroup key={key} blocks={group} headingLevel={headingLevel} />
        ))}
        {held > 0 && (
          <button type="button" class="btn rest" onClick={() => showBlocks(blocksShown + LIMITS.blocks)}>
            {markdownTexts().showBlocks(held)}
          </button>
        )}
        <NoteList notes={notes.slice(0, LIMITS.blocks)} headingLevel={headingLevel} />
        {/* Nothing but targets of references, for instance. */}
        {drawsNothing && <PlainText text={text.trim()} />}
        {text.length > LIMITS.answerChars && <PlainText text={text.slice(LIMITS.answerChars)} />}
      </div>
    </Notes.Provider>
  )
}

interface GroupProps {
  readonly blocks: readonly TopBlock[]
  readonly headingLevel: number
}

/** Blocks in one box: neither we nor the browser's layout look at each block of a long answer with every update. */
class BlockGroup extends Component<GroupProps> {
  override shouldComponentUpdate(next: GroupProps) {
    const { blocks, headingLevel } = this.props
    if (next.headingLevel !== headingLevel || next.blocks.length !== blocks.length) return true
    return next.blocks.some((top, index) => top !== blocks[index])
  }

  override render({ blocks, headingLevel }: GroupProps) {
    return (
      <div class="group">
        {blocks.map(({ block }, key) => (
          <BlockView key={key} block={block} headingLevel={headingLevel} />
        ))}
      </div>
    )
  }
}

const GROUP_SIZE = 32

function inGroups(blocks: readonly TopBlock[]): readonly TopBlock[][] {
  const groups: TopBlock[][] = []
  for (let from = 0; from < blocks.length; from += GROUP_SIZE) groups.push(blocks.slice(from, from + GROUP_SIZE))
  return groups
}

/** Says that there is nothing to read, and which characters without a shape there are. */
function EmptyAnswer({ text }: { text: string }) {
  return (
    <div class="md">
      <p class="none">{markdownTexts().empty}</p>
      {text.trim() !== '' && <PlainText text={text.trim()} />}
    </div>
  )
}

/**
 * The answer as far as it has been read. A text that grows is read on from where it was; one that is there at once is
 * read in steps with pauses between them, so that the longest answer does not hold up the page.
 */
function useAnswer(text: string, streaming: boolean): { document: AnswerDocument; isBehind: boolean } {
  const read = useRef({ document: EMPTY_DOCUMENT, text: '', fed: 0, growing: true })
  const [, readOn] = useReducer((steps: number) => steps + 1, 0)
  const { current } = read
  if (current.text !== text || current.growing !== streaming || current.fed < text.length) {
    const known = text.startsWith(current.text.slice(0, current.fed)) ? current.fed : 0
    const fed = Math.min(text.length, known + LIMITS.feedChars)
    const growing = streaming || fed < text.length
    const document = readAnswer(current.document, text.slice(0, fed), { growing, ownOrigin: location.origin })
    read.current = { document, text, fed, growing: streaming }
  }
  const { fed } = read.current
  const isBehind = fed < text.length
  useEffect(() => {
    if (!isBehind) return
    const timer = setTimeout(readOn, 0, undefined)
    return () => clearTimeout(timer)
  }, [isBehind, fed])
  return { document: read.current.document, isBehind }
}
