import { Component } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { Icon } from '../shell/icon.tsx'
import { colourCode } from './code-colours.ts'
import { codeLanguage } from './code-languages.ts'
import type { CodeRun } from './code-runs.ts'
import { whenFree } from './frame-queue.ts'
import { LIMITS } from './markdown-limits.ts'
import { markdownTexts } from './markdown-texts.ts'
import { TextRun, usePortion } from './text-run.tsx'

interface CodeBlockProps {
  readonly language: string
  readonly text: string
  /** Its end has been written; until then it is not coloured. */
  readonly closed: boolean
}

const NO_RUNS: readonly CodeRun[] = []
/** Lines are drawn and coloured in slices, so that no single step is long. */
const SLICE_LINES = 60

export function CodeBlock({ language, text, closed }: CodeBlockProps) {
  const { name, id } = codeLanguage(language)
  const { shown, more } = usePortion(text)
  const runs = useColours(id, text, closed)
  const slices = useMemo(() => sliceLines(shown), [shown])
  return (
    <div class="code">
      <div class="code-head">
        <span>{name === '' ? markdownTexts().code : <TextRun text={name} kind="code" />}</span>
        <CopyButton text={text} />
      </div>
      {/* Reached by keyboard, since long lines scroll. */}
      <pre tabIndex={0} dir="ltr">
        <code>
          {slices.map(({ start, part }) => (
            <CodeSlice key={start} start={start} part={part} runs={runs} />
          ))}
        </code>
      </pre>
      {more}
    </div>
  )
}

function useColours(language: string | null, text: string, closed: boolean): readonly CodeRun[] {
  const [coloured, setColoured] = useState({ text: '', runs: NO_RUNS })
  useEffect(() => {
    if (language === null || !closed || text.length > LIMITS.colouredChars) return
    let isWanted = true
    void colourCode(language, text).then((runs) => {
      if (isWanted) setColoured({ text, runs })
    })
    return () => {
      isWanted = false
    }
  }, [language, text, closed])
  return coloured.text === text ? coloured.runs : NO_RUNS
}

function sliceLines(text: string): { start: number; part: string }[] {
  const slices = []
  for (let start = 0; start < text.length;) {
    let end = start
    for (let line = 0; line < SLICE_LINES && end < text.length; line += 1) {
      const next = text.indexOf('\n', end)
      end = next < 0 ? text.length : next + 1
    }
    slices.push({ start, part: text.slice(start, end) })
    start = end
  }
  return slices
}

interface SliceProps {
  readonly start: number
  readonly part: string
  readonly runs: readonly CodeRun[]
}

/** Draws its text at once and its colours when there is time. */
class CodeSlice extends Component<SliceProps, { runs: readonly CodeRun[] }> {
  override state = { runs: NO_RUNS }
  private cancel = () => {}

  override shouldComponentUpdate(props: SliceProps, state: { runs: readonly CodeRun[] }) {
    return props.part !== this.props.part || state.runs !== this.state.runs || props.runs !== this.props.runs
  }

  override componentDidMount() {
    this.colourLater()
  }

  override componentDidUpdate() {
    this.colourLater()
  }

  override componentWillUnmount() {
    this.cancel()
  }

  override render({ start, part, runs }: SliceProps) {
    const usable = this.state.runs === runs ? runs : NO_RUNS
    return <>{paint(part, start, usable)}</>
  }

  private colourLater() {
    const { runs } = this.props
    if (runs === this.state.runs) return
    this.cancel()
    this.cancel = whenFree(() => this.setState({ runs }))
  }
}

function paint(part: string, start: number, runs: readonly CodeRun[]) {
  const end = start + part.length
  const painted: preact.ComponentChild[] = []
  let at = start
  for (const run of runs) {
    if (run.end <= at) continue
    if (run.start >= end) break
    const from = Math.max(run.start, at)
    const to = Math.min(run.end, end)
    if (from > at) painted.push(<TextRun text={part.slice(at - start, from - start)} kind="code" />)
    painted.push(
      <span class={run.colour}>
        <TextRun text={part.slice(from - start, to - start)} kind="code" />
      </span>,
    )
    at = to
  }
  if (at < end) painted.push(<TextRun text={part.slice(at - start)} kind="code" />)
  return painted
}

function CopyButton({ text }: { text: string }) {
  const words = markdownTexts()
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), 2_000)
    return () => clearTimeout(timer)
  }, [state])
  const said = { idle: '', copied: words.copied, refused: words.notCopied }[state]
  const copy = async () => {
    // Absent on pages without https; refused where the browser is told so.
    const done = await (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))).then(
      () => true,
      () => false,
    )
    setState(done ? 'copied' : 'refused')
  }
  return (
    <span class="code-copy">
      <span class="said" role="status">
        {said}
      </span>
      <button type="button" class="ib" aria-label={words.copyCode} title={words.copyCode} onClick={() => void copy()}>
        <Icon name={state === 'copied' ? 'check' : 'copy'} />
      </button>
    </span>
  )
}
