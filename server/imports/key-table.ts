import { IMPORT_KEY_BYTES } from '../../db/store.ts'

const FIRST_CAPACITY = 1 << 12
/** Fuller than this, and looking for a free place takes long. */
const MAX_LOAD = 0.7
const WORDS = IMPORT_KEY_BYTES / 4

/** How often each of millions of keys was stored by earlier imports, and seen by this one, in a few tens of bytes each. */
export class KeyTable {
  #keys = new Uint32Array(FIRST_CAPACITY * WORDS)
  #stored = new Uint32Array(FIRST_CAPACITY)
  #seen = new Uint32Array(FIRST_CAPACITY)
  #capacity = FIRST_CAPACITY
  #size = 0

  /** Notes every key of a batch that is in the store. */
  addStored(keys: Uint8Array): void {
    for (let at = 0; at + IMPORT_KEY_BYTES <= keys.length; at += IMPORT_KEY_BYTES) {
      const place = this.#claim(keys, at)
      this.#stored[place] = (this.#stored[place] ?? 0) + 1
    }
  }

  storedCount(key: Uint8Array): number {
    return this.#stored[this.#find(readWords(key, 0))] ?? 0
  }

  /** Counts one more, and says how many came before. */
  countSeen(key: Uint8Array): number {
    const place = this.#claim(key, 0)
    const before = this.#seen[place] ?? 0
    this.#seen[place] = before + 1
    return before
  }

  /** The place of a key, made if it has none. */
  #claim(bytes: Uint8Array, at: number): number {
    if (this.#size + 1 > this.#capacity * MAX_LOAD) this.#grow()
    const words = readWords(bytes, at)
    const place = this.#find(words)
    if (this.#isFree(place)) {
      this.#keys.set(words, place * WORDS)
      this.#size += 1
    }
    return place
  }

  #find(words: Uint32Array): number {
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words
    let place = w0 & (this.#capacity - 1)
    for (;;) {
      const at = place * WORDS
      const keys = this.#keys
      if (keys[at] === w0 && keys[at + 1] === w1 && keys[at + 2] === w2 && keys[at + 3] === w3) return place
      if (this.#isFree(place)) return place
      place = (place + 1) & (this.#capacity - 1)
    }
  }

  /** A key of zeros alone would look like a free place; no hash is one. */
  #isFree(place: number): boolean {
    const at = place * WORDS
    return this.#keys[at] === 0 && this.#keys[at + 1] === 0 && this.#keys[at + 2] === 0 && this.#keys[at + 3] === 0
  }

  #grow(): void {
    const [keys, stored, seen, capacity] = [this.#keys, this.#stored, this.#seen, this.#capacity]
    this.#capacity = capacity * 2
    this.#keys = new Uint32Array(this.#capacity * WORDS)
    this.#stored = new Uint32Array(this.#capacity)
    this.#seen = new Uint32Array(this.#capacity)
    for (let place = 0; place < capacity; place += 1) {
      const words = keys.subarray(place * WORDS, (place + 1) * WORDS)
      if (words.every((word) => word === 0)) continue
      const moved = this.#find(words)
      this.#keys.set(words, moved * WORDS)
      this.#stored[moved] = stored[place] ?? 0
      this.#seen[moved] = seen[place] ?? 0
    }
  }
}

function readWords(bytes: Uint8Array, at: number): Uint32Array {
  const words = new Uint32Array(WORDS)
  for (let word = 0; word < WORDS; word += 1) {
    const from = at + word * 4
    words[word] =
      (bytes[from] ?? 0) |
      ((bytes[from + 1] ?? 0) << 8) |
      ((bytes[from + 2] ?? 0) << 16) |
      ((bytes[from + 3] ?? 0) << 24)
  }
  return words
}
