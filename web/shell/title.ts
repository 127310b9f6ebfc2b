import { useEffect } from 'preact/hooks'

/** The title of the tab. Never anything of a battle: it would be one more place that could tell. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Ringside`
  }, [title])
}
