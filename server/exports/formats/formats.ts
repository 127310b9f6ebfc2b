import type { Column } from '../columns.ts'
import type { ExportQuery, FormatName } from '../export-query.ts'
import { axolotl } from './axolotl.ts'
import { BATTLE_COLUMNS } from './battles.ts'
import { dpo } from './dpo.ts'
import { kto } from './kto.ts'
import { llamafactory } from './llamafactory.ts'
import { openai } from './openai.ts'
import { RANK_COLUMNS } from './rank-lists.ts'
import { reward } from './reward.ts'
import { sft } from './sft.ts'
import { ultrafeedback } from './ultrafeedback.ts'
import type { UnitFormat } from './unit-format.ts'
import { VOTE_COLUMNS } from './votes.ts'

type UnitFormatName = Exclude<FormatName, 'rank' | 'votes' | 'battles'>

export const UNIT_FORMATS: Readonly<Record<UnitFormatName, UnitFormat>> = {
  dpo,
  kto,
  reward,
  openai,
  llamafactory,
  axolotl,
  ultrafeedback,
  sft,
}

export function columnsOf(query: ExportQuery): readonly Column[] {
  switch (query.format) {
    case 'rank':
      return RANK_COLUMNS
    case 'votes':
      return VOTE_COLUMNS
    case 'battles':
      return BATTLE_COLUMNS
    default:
      return UNIT_FORMATS[query.format].columns(query)
  }
}
