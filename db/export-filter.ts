import type { ExportedBattle, ExportFilter } from './export-source.ts'

type BattleFacts = Pick<ExportedBattle, 'arena' | 'language' | 'categories' | 'models'>

/** The board of everything is a category too, though no battle carries its label. */
const EVERYTHING = 'overall'

/** True when a battle passes everything but the period, which is a matter of each vote. */
export function matchesBattle(filter: ExportFilter, { arena, language, categories, models }: BattleFacts): boolean {
  const isSide = (name: string) => name === models.a || name === models.b
  return (
    isAnyOf(filter.arenas, arena) &&
    isAnyOf(filter.languages, language) &&
    (filter.categories.length === 0 ||
      filter.categories.some((category) => category === EVERYTHING || categories.includes(category))) &&
    (filter.models.length === 0 || filter.models.some(isSide)) &&
    !filter.excludedModels.some(isSide)
  )
}

export function isInPeriod({ since, until }: Pick<ExportFilter, 'since' | 'until'>, at: number): boolean {
  return (since === null || at >= since) && (until === null || at < until)
}

function isAnyOf(wanted: readonly string[], value: string): boolean {
  return wanted.length === 0 || wanted.includes(value)
}
