import type { ClientFrame, ServerFrame } from '../../contract/socket.ts'
import type { VoterId } from '../../contract/ids.ts'

/** One open socket as features see it. They never touch the socket itself. */
export interface Connection {
  readonly voterId: VoterId
  /** False once the socket is gone: then `onClose` has run already and nothing may be kept for it. */
  readonly isOpen: boolean
  send(frame: ServerFrame): void
  /** Runs once when the socket is gone. */
  onClose(listener: () => void): void
}

/** What a feature does with the frames it knows; a refusal is thrown as an `AppError`. */
export type FrameHandlers = {
  readonly [type in ClientFrame['type']]?: (
    frame: Extract<ClientFrame, { type: type }>,
    connection: Connection,
  ) => Promise<void> | void
}
