import { hash } from 'node:crypto'
import type { ExportQuery } from './export-query.ts'
import { HashIndex } from './hash-index.ts'
import { NearIndex } from './near-index.ts'
import type { RowGroup } from './formats/unit-format.ts'

/** Remembers what has been written, so that the first of equal or nearly equal groups stays. */
export class Repetitions {
  readonly #exact: HashIndex | undefined
  readonly #near: NearIndex | undefined

  constructor(dedup: ExportQuery['dedup']) {
    this.#exact = dedup === 'none' ? undefined : new HashIndex()
    this.#near = dedup === 'near' ? new NearIndex() : undefined
  }

  /** Takes a group in, or says why not. */
  refuse(group: RowGroup, promptOf: () => string): 'duplicate' | 'near_duplicate' | undefined {
    if (this.#exact?.add(group.key).isNew === false) return 'duplicate'
    if (this.#near?.addUnlessNear(promptOf(), answersScope(group.answers)) === false) return 'near_duplicate'
    return undefined
  }

  close(): void {
    this.#near?.close()
  }
}

/** 52 bits: as many as a number holds exactly. */
function answersScope(answers: readonly string[]): number {
  return parseInt(
    hash('sha256', JSON.stringify(answers.map((answer) => answer.normalize('NFC').trim()))).slice(0, 13),
    16,
  )
}
