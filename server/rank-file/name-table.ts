/**
 * Numbers names 0, 1, 2 … in order of first sight, straight from the bytes of a file: no string is made for a name
 * that was seen before. Open addressing over one arena of bytes; the first eight bytes of a name are kept as two words,
 * which is all that has to be compared for most names. Casts: positions are inside the arrays.
 */
export class NameTable {
  size = 0
  #slots: Int32Array = new Int32Array(1024)
  #hashes: Int32Array = new Int32Array(256)
  #words: Int32Array = new Int32Array(512)
  #starts: Int32Array = new Int32Array(257)
  #bytes: Uint8Array = new Uint8Array(4096)
  readonly #byText = new Map<string, number>()

  /** The number of the name at buffer[start … end), given out now when it is new. */
  add(buffer: Uint8Array, start: number, end: number): number {
    const low = wordAt(buffer, start, end)
    const high = wordAt(buffer, start + 4, end)
    let hash = Math.imul(low ^ (end - start), 0x9e3779b1) ^ Math.imul(high, 0x85ebca77)
    for (let k = start + 8; k < end; k += 4) hash = Math.imul(hash ^ wordAt(buffer, k, end), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35)
    hash ^= hash >>> 13
    const slots = this.#slots
    const hashes = this.#hashes
    const words = this.#words
    const mask = slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = (slots[slot] as number) - 1
      if (id < 0) return this.#insert({ hash, low, high, slot }, buffer.subarray(start, end))
      if (hashes[id] !== hash || words[2 * id] !== low || words[2 * id + 1] !== high) continue
      if (this.#isRest(id, buffer, start, end)) return id
    }
  }

  addText(text: string): number {
    const known = this.#byText.get(text)
    if (known !== undefined) return known
    const bytes = Buffer.from(text)
    const id = this.add(bytes, 0, bytes.length)
    this.#byText.set(text, id)
    return id
  }

  nameOf(id: number): string {
    return Buffer.from(this.#bytes.subarray(this.#starts[id], this.#starts[id + 1])).toString('utf8')
  }

  names(): string[] {
    return Array.from({ length: this.size }, (_, id) => this.nameOf(id))
  }

  /** Are lengths equal, and what comes after the first eight bytes? */
  #isRest(id: number, buffer: Uint8Array, start: number, end: number): boolean {
    const bytes = this.#bytes
    const from = this.#starts[id] as number
    if ((this.#starts[id + 1] as number) - from !== end - start) return false
    for (let k = 8; k < end - start; k++) if (bytes[from + k] !== buffer[start + k]) return false
    return true
  }

  #insert(
    { hash, low, high, slot }: { hash: number; low: number; high: number; slot: number },
    name: Uint8Array,
  ): number {
    const id = this.size++
    const at = this.#starts[id] as number
    if (at + name.length > this.#bytes.length) this.#bytes = widened(this.#bytes, at + name.length)
    if (id + 2 > this.#starts.length) this.#starts = widened(this.#starts, id + 2)
    if (id + 1 > this.#hashes.length) {
      this.#hashes = widened(this.#hashes, id + 1)
      this.#words = widened(this.#words, 2 * this.#hashes.length)
    }
    this.#bytes.set(name, at)
    this.#starts[id + 1] = at + name.length
    this.#hashes[id] = hash
    this.#words[2 * id] = low
    this.#words[2 * id + 1] = high
    this.#slots[slot] = id + 1
    if (2 * this.size > this.#slots.length) this.#rehash()
    return id
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length)
    const mask = this.#slots.length - 1
    for (let id = 0; id < this.size; id++) {
      let slot = (this.#hashes[id] as number) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = id + 1
    }
  }
}

/** Up to four bytes as a number; 0 for those past the end. */
function wordAt(buffer: Uint8Array, start: number, end: number): number {
  if (start + 4 <= end) {
    const low = (buffer[start] as number) | ((buffer[start + 1] as number) << 8)
    return low | ((buffer[start + 2] as number) << 16) | ((buffer[start + 3] as number) << 24)
  }
  let word = 0
  for (let k = end - 1; k >= start; k--) word = (word << 8) | (buffer[k] as number)
  return word
}

function widened<T extends Uint8Array | Int32Array>(array: T, needed: number): T {
  const longer = array instanceof Uint8Array ? new Uint8Array(size(array, needed)) : new Int32Array(size(array, needed))
  longer.set(array)
  return longer as T
}

function size(array: Uint8Array | Int32Array, needed: number): number {
  return Math.max(needed, 2 * array.length)
}
