import { hash } from 'node:crypto'
import type { ExportQuery } from './export-query.ts'
import { GrowingArray } from './growing-array.ts'
import { HashIndex } from './hash-index.ts'
import { NearIndex } from './near-index.ts'
import { normalisePrompt } from './prompt-words.ts'

/**
 * Deals prompts to splits. Prompts that are near each other, also through others, form a group, and a group goes where
 * its earliest prompt goes. A later prompt may join two groups, so all prompts are taken in before any is dealt.
 */
export class PromptSplits {
  readonly #query: Pick<ExportQuery, 'splits' | 'seed'>
  readonly #known = new HashIndex()
  readonly #near = new NearIndex()
  /** Of each prompt: an earlier one of its group, or itself. */
  readonly #earlier = new GrowingArray()
  readonly #draws = new GrowingArray()

  constructor(query: Pick<ExportQuery, 'splits' | 'seed'>) {
    this.#query = query
  }

  take(prompt: string): void {
    const key = normalisePrompt(prompt)
    const { number, isNew } = this.#known.add(hash('sha256', key))
    if (!isNew) return
    this.#earlier.push(number)
    this.#draws.push(drawOf(key, this.#query.seed))
    this.#near.add(prompt, {
      isSettled: (entry) => this.#earliest(entry) === this.#earliest(number),
      onNear: (entry) => this.#join(entry, number),
    })
  }

  /** The split of a prompt that was taken in. */
  splitOf(prompt: string): string {
    const key = normalisePrompt(prompt)
    const number = this.#known.find(hash('sha256', key))
    const draw = number === undefined ? drawOf(key, this.#query.seed) : this.#draws.get(this.#earliest(number))
    return pickSplit(this.#query.splits, draw)
  }

  close(): void {
    this.#near.close()
  }

  #earliest(number: number): number {
    let at = number
    for (let before = this.#earlier.get(at); before !== at; before = this.#earlier.get(at)) {
      this.#earlier.set(at, this.#earlier.get(before))
      at = before
    }
    return at
  }

  #join(one: number, other: number): void {
    const roots = [this.#earliest(one), this.#earliest(other)]
    this.#earlier.set(Math.max(...roots), Math.min(...roots))
  }
}

/** The first eight bytes of SHA-256(`SEED\nKEY`), read as a number from 0 to 1. */
function drawOf(key: string, seed: number): number {
  const digits = hash('sha256', `${seed}\n${key}`).slice(0, 16)
  return Number(BigInt(`0x${digits}`)) / 2 ** 64
}

function pickSplit(splits: ExportQuery['splits'], draw: number): string {
  let upTo = 0
  for (const { name, share } of splits) {
    upTo += share
    if (draw < upTo) return name
  }
  // Shares that sum to 1 may fall short of it by a rounding.
  return splits.at(-1)?.name ?? 'train'
}
