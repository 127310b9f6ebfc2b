import { grownInts } from './growing.ts'

/**
 * Numbers pairs of non-negative integers (model × model, voter × pair) 0, 1, 2 … in order of first sight.
 * Open addressing on typed arrays: 16 to 24 bytes a pair, no objects. Casts: slots and ids are in range by construction.
 */
export class KeyTable {
  size = 0
  first: Int32Array = new Int32Array(16)
  second: Int32Array = new Int32Array(16)
  #slots = new Int32Array(32)

  /** The number of (x, y), or -1 when it was never seen. */
  find(x: number, y: number): number {
    return (this.#slots[this.#slotOf(x, y)] as number) - 1
  }

  /** The number of (x, y), given out now when it was never seen. */
  add(x: number, y: number): number {
    let slot = this.#slotOf(x, y)
    const known = this.#slots[slot] as number
    if (known > 0) return known - 1
    if ((this.size + 1) * 2 > this.#slots.length) {
      this.#widen()
      slot = this.#slotOf(x, y)
    }
    const id = this.size
    this.first = grownInts(this.first, id + 1)
    this.second = grownInts(this.second, id + 1)
    this.first[id] = x
    this.second[id] = y
    this.#slots[slot] = id + 1
    this.size = id + 1
    return id
  }

  #slotOf(x: number, y: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = mixed(x, y) & mask
    for (;;) {
      const id = (slots[slot] as number) - 1
      if (id < 0 || (this.first[id] === x && this.second[id] === y)) return slot
      slot = (slot + 1) & mask
    }
  }

  #widen(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let id = 0; id < this.size; id++) {
      this.#slots[this.#slotOf(this.first[id] as number, this.second[id] as number)] = id + 1
    }
  }
}

/** A 32-bit mix of two integers (the finaliser of MurmurHash3 over a multiplicative combination). */
function mixed(x: number, y: number): number {
  let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
