import { Component, Fragment, h } from 'preact'
import { useContext } from 'preact/hooks'
import { Icon } from '../shell/icon.tsx'
import { CodeBlock } from './code-block.tsx'
import { Formula } from './formula.tsx'
import { goTo, Inlines, noteId, noteRefId, Notes } from './inline-view.tsx'
import { markdownTexts } from './markdown-texts.ts'
import type { Align, Block, Inline, Note } from './markdown-tree.ts'
import { PlainText } from './text-run.tsx'

interface BlockProps {
  readonly block: Block
  /** The level of the answer's first headings in the outline of the page. */
  readonly headingLevel: number
}

/** A block that is the same object as before is not drawn again. */
export class BlockView extends Component<BlockProps> {
  override shouldComponentUpdate(next: BlockProps) {
    return next.block !== this.props.block || next.headingLevel !== this.props.headingLevel
  }

  override render({ block, headingLevel }: BlockProps) {
    switch (block.kind) {
      case 'paragraph':
        return (
          <p dir="auto">
            <Inlines of={block.children} />
          </p>
        )
      case 'line':
        return <Inlines of={block.children} />
      case 'heading':
        return drawHeading(block.depth, block.children, headingLevel)
      case 'quote':
        return (
          <blockquote dir="auto">
            <Blocks of={block.blocks} headingLevel={headingLevel} />
          </blockquote>
        )
      case 'list':
        return drawList(block, headingLevel)
      case 'code':
        return <CodeBlock language={block.language} text={block.text} closed={block.closed} />
      case 'table':
        return drawTable(block)
      case 'rule':
        return <hr />
      case 'math':
        return (
          <div class="math">
            <Formula tex={block.tex} source={block.source} display />
          </div>
        )
      case 'plain':
        return <PlainText text={block.text} />
    }
  }
}

function Blocks({ of, headingLevel }: { of: readonly Block[]; headingLevel: number }) {
  return (
    <>
      {of.map((block, key) => (
        <BlockView key={key} block={block} headingLevel={headingLevel} />
      ))}
    </>
  )
}

function drawHeading(depth: number, children: readonly Inline[], headingLevel: number) {
  const level = Math.min(6, headingLevel + depth - 1)
  return h(`h${level}`, { class: `t${Math.min(4, depth)}`, dir: 'auto' }, <Inlines of={children} />)
}

function drawList({ start, loose, items }: Extract<Block, { kind: 'list' }>, headingLevel: number) {
  const drawn = items.map(({ done, blocks }, key) => (
    <li key={key} dir="auto" {...(done === null ? {} : { class: 'task' })}>
      {done !== null && <TaskBox done={done} />}
      <Blocks of={blocks} headingLevel={headingLevel} />
    </li>
  ))
  const spacing = loose ? { class: 'loose' } : {}
  if (start === null)
    return (
      <ul dir="auto" {...spacing}>
        {drawn}
      </ul>
    )
  return (
    <ol dir="auto" start={start} {...spacing}>
      {drawn}
    </ol>
  )
}

/** Drawn, not an input: nothing in an answer can be filled in. */
function TaskBox({ done }: { done: boolean }) {
  const words = markdownTexts()
  return (
    <span class="box" role="img" aria-label={done ? words.done : words.notDone}>
      {done && <Icon name="check" />}
    </span>
  )
}

function drawTable({ align, header, rows, rest }: Extract<Block, { kind: 'table' }>) {
  return (
    <Fragment>
      {/* Reached by keyboard, since wide tables scroll inside. */}
      <div class="tw" tabIndex={0} role="group" aria-label={markdownTexts().table}>
        <table>
          <thead>
            <tr>
              {header.map((cell, column) => (
                <th key={column} scope="col" dir="auto" {...alignment(align[column])}>
                  <Inlines of={cell} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column} dir="auto" {...alignment(align[column])}>
                    <Inlines of={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest !== '' && <PlainText text={rest} />}
    </Fragment>
  )
}

function alignment(align: Align | undefined): { class?: string } {
  if (align === 'right') return { class: 'n' }
  return align === 'center' ? { class: 'mid' } : {}
}

/** The footnotes below an answer, in the order in which it refers to them. */
export function NoteList({ notes, headingLevel }: { notes: readonly Note[]; headingLevel: number }) {
  const { prefix } = useContext(Notes)
  const words = markdownTexts()
  if (notes.length === 0) return null
  return (
    <ol class="notes" aria-label={words.notes}>
      {notes.map(({ label, blocks }, index) => (
        <li key={label} dir="auto" id={noteId(prefix, index + 1)} tabIndex={-1}>
          <Blocks of={blocks} headingLevel={headingLevel} />{' '}
          <button
            type="button"
            class="ib back"
            aria-label={words.backToText(index + 1)}
            onClick={() => goTo(noteRefId(prefix, index + 1))}
          >
            <Icon name="arrow-up" />
          </button>
        </li>
      ))}
    </ol>
  )
}
