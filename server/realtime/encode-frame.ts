import { ServerFrame } from '../../contract/socket.ts'

/**
 * The only way out of a socket. The schemas are strict, so a field that nobody declared (a model's name, an upstream id)
 * stops the frame here instead of reaching a browser.
 * @throws ZodError when the frame is not exactly what the contract declares
 */
export function encodeFrame(frame: ServerFrame): string {
  const known = encoded.get(frame)
  if (known !== undefined) return known
  const text = JSON.stringify(ServerFrame.parse(frame))
  encoded.set(frame, text)
  return text
}

/** A frame that is published to a room is one object for all its listeners: it is checked and written once. */
const encoded = new WeakMap<ServerFrame, string>()
