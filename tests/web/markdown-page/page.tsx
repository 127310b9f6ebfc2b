import '../../../web/styles/tokens.css'
import '../../../web/styles/base.css'
import './page.css'
import { render } from 'preact'
import { chooseLanguage } from '../../../web/i18n/language.ts'
import { MarkdownView } from '../../../web/markdown/markdown-view.tsx'
import { IconSymbols } from '../../../web/shell/icon.tsx'
import type { Harness } from '../markdown-harness.ts'

declare global {
  var harness: Harness
  var pwned: unknown
}

const root = document.getElementById('root')

function draw(text: string | null, streaming: boolean): void {
  if (!root) return
  render(
    <>
      <IconSymbols />
      <main class="panels">
        <article class="panel panel-a">
          <h2>Answer A</h2>
          {text !== null && <MarkdownView text={text} streaming={streaming} />}
        </article>
        <article class="panel panel-b">
          <h2>Answer B</h2>
          <p>The other answer stands here and nothing touches it.</p>
        </article>
      </main>
      <div class="outline-bar">
        <button type="button" class="btn">
          A is better
        </button>
      </div>
    </>,
    root,
  )
}

globalThis.harness = {
  show: draw,
  clear: () => draw(null, false),
  inRussian: () => chooseLanguage('ru'),
}
draw(null, false)
