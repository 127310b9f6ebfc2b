import { h } from 'preact'
import arrowDown from 'lucide-static/icons/arrow-down.svg?raw'
import arrowLeft from 'lucide-static/icons/arrow-left.svg?raw'
import arrowRight from 'lucide-static/icons/arrow-right.svg?raw'
import arrowUp from 'lucide-static/icons/arrow-up.svg?raw'
import arrowUpDown from 'lucide-static/icons/arrow-up-down.svg?raw'
import check from 'lucide-static/icons/check.svg?raw'
import chevronDown from 'lucide-static/icons/chevron-down.svg?raw'
import codeXml from 'lucide-static/icons/code-xml.svg?raw'
import columns from 'lucide-static/icons/columns-3.svg?raw'
import copy from 'lucide-static/icons/copy.svg?raw'
import cornerDownLeft from 'lucide-static/icons/corner-down-left.svg?raw'
import download from 'lucide-static/icons/download.svg?raw'
import ellipsis from 'lucide-static/icons/ellipsis.svg?raw'
import maximize from 'lucide-static/icons/maximize-2.svg?raw'
import minimize from 'lucide-static/icons/minimize-2.svg?raw'
import moon from 'lucide-static/icons/moon.svg?raw'
import search from 'lucide-static/icons/search.svg?raw'
import shuffle from 'lucide-static/icons/shuffle.svg?raw'
import square from 'lucide-static/icons/square.svg?raw'
import sun from 'lucide-static/icons/sun.svg?raw'
import sunMoon from 'lucide-static/icons/sun-moon.svg?raw'
import undo from 'lucide-static/icons/undo-2.svg?raw'

const ICONS = {
  'arrow-down': arrowDown,
  'arrow-left': arrowLeft,
  'arrow-right': arrowRight,
  'arrow-up': arrowUp,
  'arrow-up-down': arrowUpDown,
  check,
  'chevron-down': chevronDown,
  'code-xml': codeXml,
  columns,
  copy,
  'corner-down-left': cornerDownLeft,
  download,
  ellipsis,
  maximize,
  minimize,
  moon,
  search,
  shuffle,
  square,
  sun,
  'sun-moon': sunMoon,
  undo,
}
export type IconName = keyof typeof ICONS

/** An ornament beside a text or inside a labelled button: hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="ic" aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  )
}

/** Every icon once, as symbols; drawn by the shell. */
export function IconSymbols() {
  return (
    <svg class="symbols" width="0" height="0" aria-hidden="true">
      {Object.entries(ICONS).map(([name, source]) => (
        <symbol key={name} id={`i-${name}`} viewBox="0 0 24 24">
          {shapesOf(source)}
        </symbol>
      ))}
    </svg>
  )
}

/** Built as elements and not through `innerHTML`, so that Trusted Types can be required of the whole page. */
function shapesOf(source: string) {
  return [...source.matchAll(/<(path|rect|circle|line|polyline|polygon|ellipse)\s([^>]*)\/>/g)].map(
    ([, tag, rest], key) =>
      h(tag ?? 'path', {
        key,
        ...Object.fromEntries(
          [...(rest ?? '').matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
        ),
      }),
  )
}
