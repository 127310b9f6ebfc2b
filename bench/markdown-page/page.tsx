import '../../web/styles/tokens.css'
import '../../web/styles/base.css'
import './page.css'
import DOMPurify from 'dompurify'
import { marked } from 'marked'
import { render } from 'preact'
import { MarkdownView } from '../../web/markdown/markdown-view.tsx'
import type { MarkdownBench } from '../markdown.ts'

const root = document.getElementById('root') ?? document.body

/** One element per way of drawing; each step is measured with the layout that it causes. */
function measure(steps: readonly string[], draw: (text: string, isLast: boolean) => void): number[] {
  return steps.map((text, index) => {
    const start = performance.now()
    draw(text, index === steps.length - 1)
    void root.offsetHeight
    return performance.now() - start
  })
}

function Pair({ texts, streaming }: { texts: readonly string[]; streaming: boolean }) {
  return (
    <>
      {texts.map((text, key) => (
        <article key={key} class="panel">
          <MarkdownView text={text} streaming={streaming} />
        </article>
      ))}
    </>
  )
}

const bench: MarkdownBench = {
  byBlocks(steps) {
    const times = measure(steps, (text, isLast) => render(<Pair texts={[text]} streaming={!isLast} />, root))
    render(null, root)
    return times
  },
  asWhole(steps) {
    const place = document.createElement('div')
    place.className = 'md'
    root.append(place)
    const times = measure(steps, (text) => {
      place.innerHTML = DOMPurify.sanitize(marked.parse(text, { async: false }))
    })
    place.remove()
    return times
  },
  async prepare(texts, chars) {
    render(<Pair texts={texts.map((text) => text.slice(0, chars))} streaming />, root)
    for (let quiet = 0; quiet < 30; quiet = root.querySelector('[aria-busy=true]') ? 0 : quiet + 1)
      await new Promise((next) => setTimeout(next, 100))
  },
  async stream(texts, from, charsPerTick, tickMs, ticks) {
    const longTasks: number[] = []
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration)
    })
    observer.observe({ type: 'longtask' })
    const times: number[] = []
    for (let tick = 1; tick <= ticks; tick += 1) {
      const start = performance.now()
      render(<Pair texts={texts.map((text) => text.slice(0, from + tick * charsPerTick))} streaming />, root)
      // Both panels follow their end, as those of the battle page do.
      for (const panel of root.children) panel.scrollTop = panel.scrollHeight
      times.push(performance.now() - start)
      await new Promise((next) => setTimeout(next, tickMs))
    }
    observer.disconnect()
    render(null, root)
    return { times, longTasks }
  },
}
Object.assign(globalThis, { bench })
