import { StringDecoder } from 'node:string_decoder'

/** Reads server-sent events from the bytes of a body, whatever the pieces in which they arrive. */
export interface SseReader {
  /** @throws SseTooLarge when one event grows past the limit */
  push(bytes: Buffer): void
}

export interface SseOptions {
  readonly maxEventBytes: number
  /** One event; `name` is empty when the event has none. An event that the body leaves unfinished never comes. */
  readonly onEvent: (name: string, data: string) => void
}

export class SseTooLarge extends Error {
  override readonly name = 'SseTooLarge'
}

/** Lines end with LF, CRLF or CR; comments and unknown fields are passed over, as the standard has it. */
export function createSseReader({ maxEventBytes, onEvent }: SseOptions): SseReader {
  const decoder = new StringDecoder('utf8')
  let isFirst = true
  let partialLine = ''
  let endedWithCarriageReturn = false
  let name = ''
  let data: string | undefined

  const readLine = (line: string): void => {
    if (line === '') return dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    if (field !== 'data' && field !== 'event') return
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'event') name = value
    else data = data === undefined ? value : `${data}\n${value}`
    checkSize(data?.length ?? 0)
  }

  const dispatch = (): void => {
    const [dispatchedName, dispatchedData] = [name, data]
    name = ''
    data = undefined
    if (dispatchedData !== undefined) onEvent(dispatchedName, dispatchedData)
  }

  const checkSize = (size: number): void => {
    if (size > maxEventBytes) throw new SseTooLarge(`an event is larger than ${maxEventBytes} bytes`)
  }

  const readText = (text: string): void => {
    let from = endedWithCarriageReturn && text[0] === '\n' ? 1 : 0
    endedWithCarriageReturn = text.endsWith('\r')
    for (let end = findLineEnd(text, from); end >= 0; end = findLineEnd(text, from)) {
      const line = partialLine + text.slice(from, end)
      partialLine = ''
      from = end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1)
      readLine(line)
    }
    partialLine += text.slice(from)
    checkSize(partialLine.length)
  }

  return {
    push: (bytes) => {
      const text = decoder.write(bytes)
      if (text === '') return
      const hasMark = isFirst && text.startsWith('\ufeff')
      isFirst = false
      readText(hasMark ? text.slice(1) : text)
    },
  }
}

function findLineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from)
  const carriage = text.indexOf('\r', from)
  if (carriage < 0) return feed
  return feed < 0 ? carriage : Math.min(feed, carriage)
}
