import { type ReadonlySignal, signal } from '@preact/signals'
import type { AnchorHTMLAttributes } from 'preact'

const current = signal(location.pathname)
addEventListener('popstate', () => {
  current.value = location.pathname
})

/** Where the page is, without query and fragment. */
export const path: ReadonlySignal<string> = current

/** Goes to another page of ours without loading it anew. */
export function navigate(to: string): void {
  if (to === location.pathname + location.search) return
  history.pushState(null, '', to)
  current.value = location.pathname
  scrollTo(0, 0)
}

/** A real link, so that it opens in a new tab and is read as one; a plain click stays on this page. */
export function Link({ href, ...rest }: AnchorHTMLAttributes & { href: string }) {
  return (
    <a
      href={href}
      {...rest}
      onClick={(event) => {
        if (
          event.defaultPrevented ||
          event.button !== 0 ||
          event.metaKey ||
          event.ctrlKey ||
          event.shiftKey ||
          event.altKey
        )
          return
        event.preventDefault()
        navigate(href)
      }}
    />
  )
}
