import type { ImportKind } from './import-kind.ts'
import { answersKind } from './kinds/answers.ts'
import { argillaKind } from './kinds/argilla.ts'
import { battlesKind } from './kinds/battles.ts'
import { compariaKind } from './kinds/comparia.ts'
import { fastchatKind } from './kinds/fastchat.ts'
import { pairsKind } from './kinds/pairs.ts'
import { promptsKind } from './kinds/prompts.ts'
import { votesKind } from './kinds/votes.ts'

/** Everything that `ringside import` can read, in the order in which its help lists it. */
export const IMPORT_KINDS: readonly ImportKind[] = [
  votesKind,
  battlesKind,
  promptsKind,
  answersKind,
  pairsKind,
  fastchatKind,
  compariaKind,
  argillaKind,
]

/** Lets the records say what they are. */
export const AUTO = 'auto'
