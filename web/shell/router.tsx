import { batch, type ReadonlySignal, signal } from '@preact/signals'
import type { AnchorHTMLAttributes } from 'preact'

const current = signal(location.pathname)
const currentQuery = signal(location.search)
addEventListener('popstate', follow)

function follow(): void {
  batch(() => {
    current.value = location.pathname
    currentQuery.value = location.search
  })
}

/** Where the page is, without query and fragment. */
export const path: ReadonlySignal<string> = current

/** What follows the path, from its question mark on. */
export const query: ReadonlySignal<string> = currentQuery

/** Goes to another page of ours without loading it anew. */
export function navigate(to: string): void {
  if (to === location.pathname + location.search) return
  history.pushState(null, '', to)
  follow()
  scrollTo(0, 0)
}

/** Changes the address in place, for a filter that is no step to go back to. */
export function rewriteAddress(to: string): void {
  history.replaceState(history.state, '', to)
  follow()
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
