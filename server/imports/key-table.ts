import { IMPORT_KEY_BYTES } from '../../db/store.ts'

const FIRST_CAPACITY = 1 << 12
/** Fuller than this, and looking for a free place takes long. */
const MAX_LOAD = 0.7
const WORDS = IMPORT_KEY_BYTES / 4

/**
 * How often each of millions of keys was stored by earlier imports, and seen by this one, in a few tens of bytes each. A
 * key is a text with one character per byte.
 */
export class KeyTable {
  #keys = new Uint32Array(FIRST_CAPACITY * WORDS)
  #stored = new Uint32Array(FIRST_CAPACITY)
  #seen = new Uint32Array(FIRST_CAPACITY)
  #capacity = FIRST_CAPACITY
  #size = 0
  /** The key that is looked for. */
  readonly #wanted = new Uint32Array(WORDS)

  /** Notes every key of a batch that is in the store. */
  addStored(keys: Uint8Array): void {
    const text = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength).toString('latin1')
    for (let at = 0; at + IMPORT_KEY_BYTES <= text.length; at += IMPORT_KEY_BYTES) {
      const place = this.#claim(text, at)
      this.#stored[place] = (this.#stored[place] ?? 0) + 1
    }
  }

  storedCount(key: string): number {
    this.#want(key, 0)
    return this.#stored[this.#find()] ?? 0
  }

  /** Counts one more, and says how many came before. */
  countSeen(key: string): number {
    const place = this.#claim(key, 0)
    const before = this.#seen[place] ?? 0
    this.#seen[place] = before + 1
    return before
  }

  /** The place of a key, made if it has none. */
  #claim(text: string, at: number): number {
    if (this.#size + 1 > this.#capacity * MAX_LOAD) this.#grow()
    this.#want(text, at)
    const place = this.#find()
    if (this.#isFree(place)) {
      this.#keys.set(this.#wanted, place * WORDS)
      this.#size += 1
    }
    return place
  }

  #want(text: string, at: number): void {
    for (let word = 0; word < WORDS; word += 1) {
      const from = at + word * 4
      this.#wanted[word] =
        text.charCodeAt(from) |
        (text.charCodeAt(from + 1) << 8) |
        (text.charCodeAt(from + 2) << 16) |
        (text.charCodeAt(from + 3) << 24)
    }
  }

  #find(): number {
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = this.#wanted
    const keys = this.#keys
    let place = w0 & (this.#capacity - 1)
    for (;;) {
      const at = place * WORDS
      if (keys[at] === w0 && keys[at + 1] === w1 && keys[at + 2] === w2 && keys[at + 3] === w3) return place
      if (this.#isFree(place)) return place
      place = (place + 1) & (this.#capacity - 1)
    }
  }

  /** A key of zeros alone would look like a free place; no hash is one. */
  #isFree(place: number): boolean {
    const keys = this.#keys
    const at = place * WORDS
    return keys[at] === 0 && keys[at + 1] === 0 && keys[at + 2] === 0 && keys[at + 3] === 0
  }

  #grow(): void {
    const [keys, stored, seen, capacity] = [this.#keys, this.#stored, this.#seen, this.#capacity]
    this.#capacity = capacity * 2
    this.#keys = new Uint32Array(this.#capacity * WORDS)
    this.#stored = new Uint32Array(this.#capacity)
    this.#seen = new Uint32Array(this.#capacity)
    for (let place = 0; place < capacity; place += 1) {
      const at = place * WORDS
      for (let word = 0; word < WORDS; word += 1) this.#wanted[word] = keys[at + word] ?? 0
      if (this.#wanted.every((word) => word === 0)) continue
      const moved = this.#find()
      this.#keys.set(this.#wanted, moved * WORDS)
      this.#stored[moved] = stored[place] ?? 0
      this.#seen[moved] = seen[place] ?? 0
    }
  }
}
