import { computed, type ReadonlySignal, signal } from '@preact/signals'
import { deviceMemory } from '../storage.ts'

export const LANGUAGES = ['en', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]

const KEY = 'ringside.language'
const chosen = signal<Language>(document.documentElement.lang === 'ru' ? 'ru' : 'en')

/** The language of the page. `public/boot.js` has set it on the document before anything was drawn. */
export const language: ReadonlySignal<Language> = chosen

export function chooseLanguage(next: Language): void {
  chosen.value = next
  document.documentElement.lang = next
  deviceMemory.write(KEY, next)
}

/**
 * The texts of a part of the page in the language of the page. Reading it in a component redraws that component when
 * the language changes. `ru` has the type of `en`, so a text that is missing in one language does not compile.
 */
export function inBothLanguages<Texts>(en: Texts, ru: NoInfer<Texts>): () => Texts {
  const texts = computed(() => (language.value === 'ru' ? ru : en))
  return () => texts.value
}
