import { type ReadonlySignal, signal } from '@preact/signals'
import { deviceMemory } from '../storage.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'ringside.theme'
const remembered = document.documentElement.dataset['theme']
const chosen = signal<Theme>(remembered === 'light' || remembered === 'dark' ? remembered : 'system')

export const theme: ReadonlySignal<Theme> = chosen

/** System, light, dark, and round again. */
export function chooseNextTheme(): void {
  const next = THEMES[(THEMES.indexOf(chosen.value) + 1) % THEMES.length] ?? 'system'
  chosen.value = next
  if (next === 'system') {
    delete document.documentElement.dataset['theme']
    deviceMemory.remove(KEY)
  } else {
    document.documentElement.dataset['theme'] = next
    deviceMemory.write(KEY, next)
  }
}
