import type { ServerFrame } from '../../contract/socket.ts'

type VersionedFrame = ServerFrame & { readonly version: number }
export type Listener = (frame: ServerFrame) => void

/**
 * Rooms in which frames are published in order. Every frame of a room has the next version; a short history lets a
 * client that was away go on where it was. Knows no sockets and nothing of what the frames mean.
 */
export class Hub {
  readonly #rooms = new Map<string, Room>()
  readonly #historyLength: number

  constructor({ historyLength = 256 }: { historyLength?: number } = {}) {
    this.#historyLength = historyLength
  }

  publish(name: string, frame: VersionedFrame): void {
    const room = this.#rooms.get(name)
    if (!room) return
    room.history.push(frame)
    if (room.history.length > this.#historyLength) room.history.shift()
    for (const listener of room.listeners) listener(frame)
  }

  /** A room keeps its history while it is open, whether somebody listens or not. */
  open(name: string): void {
    if (!this.#rooms.has(name)) this.#rooms.set(name, { listeners: new Set(), history: [] })
  }

  close(name: string): void {
    this.#rooms.delete(name)
  }

  /**
   * Frames after `version`, or `resync` when the history does not reach back that far (or not up to it: the version is
   * of another process): the caller then sends everything.
   */
  framesAfter(name: string, version: number, current: number): readonly VersionedFrame[] | 'resync' {
    if (version === current) return []
    const history = this.#rooms.get(name)?.history ?? []
    const start = history.findIndex((frame) => frame.version === version + 1)
    return start < 0 || version > current ? 'resync' : history.slice(start)
  }

  /** Returns how to leave. */
  join(name: string, listener: Listener): () => void {
    this.open(name)
    const room = this.#rooms.get(name)
    room?.listeners.add(listener)
    return () => {
      room?.listeners.delete(listener)
    }
  }

  listeners(name: string): number {
    return this.#rooms.get(name)?.listeners.size ?? 0
  }
}

interface Room {
  readonly listeners: Set<Listener>
  readonly history: VersionedFrame[]
}
