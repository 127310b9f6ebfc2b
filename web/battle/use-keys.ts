import { useEffect, useRef } from 'preact/hooks'
import { actionOf, type KeyAction, placeOf } from './keymap.ts'

/** Listens to the keys of the page. `act` says whether it did something; only then the browser keeps out of it. */
export function useKeys(act: (action: KeyAction) => boolean): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      // An open dialog has the keys for itself.
      if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return
      const action = actionOf(event, placeOf(event.target))
      if (action && latest.current(action)) event.preventDefault()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
