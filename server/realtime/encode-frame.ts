import { ServerFrame } from '../../contract/socket.ts'

/**
 * The only way out of a socket. The schemas are strict, so a field that nobody declared (a model's name, an upstream id)
 * stops the frame here instead of reaching a browser.
 * @throws ZodError when the frame is not exactly what the contract declares
 */
export function encodeFrame(frame: ServerFrame): string {
  return JSON.stringify(ServerFrame.parse(frame))
}
