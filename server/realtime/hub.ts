import type { ServerFrame } from '../../contract/socket.ts'

export type Listener = (frame: ServerFrame) => void

/**
 * Rooms in which frames are published in order to whoever is there. Keeps no history: who was away asks for the whole
 * state again and goes on from its version (docs/decisions/0003). Knows no sockets and nothing of what frames mean.
 */
export class Hub {
  readonly #rooms = new Map<string, Set<Listener>>()

  publish(name: string, frame: ServerFrame): void {
    for (const listener of this.#rooms.get(name) ?? []) listener(frame)
  }

  /** Returns how to leave. Joining twice with one listener is joining once. */
  join(name: string, listener: Listener): () => void {
    const room = this.#rooms.get(name) ?? new Set()
    this.#rooms.set(name, room.add(listener))
    return () => {
      room.delete(listener)
      if (room.size === 0 && this.#rooms.get(name) === room) this.#rooms.delete(name)
    }
  }

  listeners(name: string): number {
    return this.#rooms.get(name)?.size ?? 0
  }
}
