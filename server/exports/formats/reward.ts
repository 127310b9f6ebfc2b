import { column, FLOAT, MESSAGES, STRING } from '../columns.ts'
import { isPlain } from '../conversation-text.ts'
import type { ExportQuery } from '../export-query.ts'
import { pairMeta, PAIR_META } from '../meta.ts'
import { meanStrength, shareMargin } from '../unit.ts'
import { withImplicitPrompt } from './dpo.ts'
import { pairFormat, type Pair } from './pair-layout.ts'

/** Two whole conversations, so histories may differ. */
export const reward = pairFormat({
  needsSharedHistory: false,
  fits: (conversation, { text }) => !text || isPlain(conversation),
  columns: ({ text, margin }) => {
    const type = text ? STRING : MESSAGES
    const answers = [column('chosen', type), column('rejected', type)]
    return margin === 'none' ? [...answers, PAIR_META] : [...answers, column('margin', FLOAT), PAIR_META]
  },
  toRow: (pair, { text, margin }) => ({
    ...withImplicitPrompt(pair, text),
    ...(margin === 'none' ? {} : { margin: marginOf(pair, margin) }),
    meta: pairMeta(pair.unit, pair.key, pair),
  }),
})

function marginOf({ unit, chosen, isDecided }: Pair, margin: Exclude<ExportQuery['margin'], 'none'>): number {
  if (!isDecided) return 0
  return margin === 'share' ? shareMargin(unit, chosen) : meanStrength(unit, chosen)
}
