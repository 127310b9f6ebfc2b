const WORDS = 4
const FULLEST = 0.6
const EMPTY = -1

/**
 * Numbers texts in the order in which they are first seen, knowing them by 128 bits of their hash: 20 bytes a slot
 * instead of the text. Two different texts among a million are taken for one with a chance below 2^-88.
 */
export class HashIndex {
  #hashes: Uint32Array
  #numbers: Int32Array
  #mask: number
  #size = 0
  readonly #words = new Uint32Array(WORDS)

  constructor() {
    const slots = 1024
    this.#hashes = new Uint32Array(slots * WORDS)
    this.#numbers = new Int32Array(slots).fill(EMPTY)
    this.#mask = slots - 1
  }

  get size(): number {
    return this.#size
  }

  /** @param hex at least 32 hex digits @returns its number when it is known */
  find(hex: string): number | undefined {
    this.#read(hex)
    const number = this.#numbers[this.#findSlot()] ?? EMPTY
    return number === EMPTY ? undefined : number
  }

  /** @returns its number, and whether it was new */
  add(hex: string): { number: number; isNew: boolean } {
    this.#read(hex)
    const slot = this.#findSlot()
    const known = this.#numbers[slot] ?? EMPTY
    if (known !== EMPTY) return { number: known, isNew: false }
    const number = this.#size
    this.#put(slot, number)
    this.#size += 1
    if (this.#size > (this.#mask + 1) * FULLEST) this.#grow()
    return { number, isNew: true }
  }

  #read(hex: string): void {
    for (let word = 0; word < WORDS; word += 1) this.#words[word] = parseInt(hex.slice(word * 8, word * 8 + 8), 16)
  }

  #put(slot: number, number: number): void {
    this.#hashes.set(this.#words, slot * WORDS)
    this.#numbers[slot] = number
  }

  /** The slot that holds the words at hand, or the empty one where they belong. */
  #findSlot(): number {
    const [first, second, third, fourth] = this.#words
    for (let slot = (first ?? 0) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      if (this.#numbers[slot] === EMPTY) return slot
      const at = slot * WORDS
      const hashes = this.#hashes
      if (hashes[at] !== first || hashes[at + 1] !== second) continue
      if (hashes[at + 2] === third && hashes[at + 3] === fourth) return slot
    }
  }

  #grow(): void {
    const [hashes, numbers] = [this.#hashes, this.#numbers]
    const slots = (this.#mask + 1) * 2
    this.#hashes = new Uint32Array(slots * WORDS)
    this.#numbers = new Int32Array(slots).fill(EMPTY)
    this.#mask = slots - 1
    for (let slot = 0; slot < numbers.length; slot += 1) {
      const number = numbers[slot] ?? EMPTY
      if (number === EMPTY) continue
      this.#words.set(hashes.subarray(slot * WORDS, slot * WORDS + WORDS))
      this.#put(this.#findSlot(), number)
    }
  }
}
