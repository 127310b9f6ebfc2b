import { AppError } from '../app-error.ts'
import { ClientFrame } from '../../contract/socket.ts'

/**
 * Reads one message of a client.
 * @throws AppError `request/invalid`, naming the field but never echoing what was sent
 */
export function readFrame(data: string): ClientFrame {
  const result = ClientFrame.safeParse(parseJson(data))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const field = issue && issue.path.length > 0 ? issue.path.join('.') : 'frame'
  throw new AppError('request/invalid', `${field}: ${issue?.message ?? 'invalid'}`)
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch (cause) {
    throw new AppError('request/invalid', 'frame: expected JSON', { cause })
  }
}
