/**
 * Numbers names 0, 1, 2 … in order of first sight, straight from the bytes of a file: no string is made for a name
 * that was seen before. Open addressing over one arena of bytes. Casts: positions are inside the arrays.
 */
export class NameTable {
  size = 0
  #slots = new Int32Array(1024)
  #hashes = new Int32Array(256)
  #starts = new Int32Array(257)
  #bytes = new Uint8Array(4096)
  readonly #byText = new Map<string, number>()

  /** The number of the name at buffer[start … end), given out now when it is new. */
  add(buffer: Uint8Array, start: number, end: number): number {
    const hash = hashOf(buffer, start, end)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = (this.#slots[slot] as number) - 1
      if (id < 0) return this.#insert(hash, slot, buffer.subarray(start, end))
      if (this.#hashes[id] === hash && this.#isAt(id, buffer, start, end)) return id
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

  #isAt(id: number, buffer: Uint8Array, start: number, end: number): boolean {
    const bytes = this.#bytes
    let at = this.#starts[id] as number
    if ((this.#starts[id + 1] as number) - at !== end - start) return false
    for (let k = start; k < end; k++) if (bytes[at++] !== buffer[k]) return false
    return true
  }

  #insert(hash: number, slot: number, name: Uint8Array): number {
    const id = this.size++
    const at = this.#starts[id] as number
    if (at + name.length > this.#bytes.length) this.#bytes = widened(this.#bytes, at + name.length)
    if (id + 2 > this.#starts.length) this.#starts = widened(this.#starts, id + 2)
    if (id + 1 > this.#hashes.length) this.#hashes = widened(this.#hashes, id + 1)
    this.#bytes.set(name, at)
    this.#starts[id + 1] = at + name.length
    this.#hashes[id] = hash
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

/** FNV-1a, folded so that its low bits depend on all of it. */
function hashOf(buffer: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let k = start; k < end; k++) hash = Math.imul(hash ^ (buffer[k] as number), 0x01000193)
  return hash ^ (hash >>> 15)
}

function widened<T extends Uint8Array | Int32Array>(array: T, needed: number): T {
  const longer = array instanceof Uint8Array ? new Uint8Array(size(array, needed)) : new Int32Array(size(array, needed))
  longer.set(array)
  return longer as T
}

function size(array: Uint8Array | Int32Array, needed: number): number {
  return Math.max(needed, 2 * array.length)
}
