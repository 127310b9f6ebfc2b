import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSseReader, SseTooLarge } from '../../../server/providers/sse-reader.ts'

type Event = readonly [name: string, data: string]

function read(parts: readonly Buffer[], maxEventBytes = 1000): Event[] {
  const events: Event[] = []
  const reader = createSseReader({ maxEventBytes, onEvent: (name, data) => events.push([name, data]) })
  for (const part of parts) reader.push(part)
  return events
}

const BODY = Buffer.from(
  '\ufeffdata: Ж😀 one\n\nevent: x\r\ndata: a\r\ndata:b\r\ndata:  c\r\n\r\n: comment\rdata\r\rid: 3\n\n\ndata:\u2028\n\ndata: last',
)
const EVENTS: Event[] = [
  ['', 'Ж😀 one'],
  ['x', 'a\nb\n c'],
  ['', ''],
  ['', '\u2028'],
]

test('every way of cutting a body in two gives the same events', () => {
  for (let at = 0; at <= BODY.length; at += 1) expect(read([BODY.subarray(0, at), BODY.subarray(at)])).toEqual(EVENTS)
})

test('a body in single bytes gives the same events', () => {
  expect(read([...BODY].map((byte) => Buffer.of(byte)))).toEqual(EVENTS)
})

test('any bytes in any pieces are read as if they had come at once', () => {
  const alphabet = [...Buffer.from('data: event\r\n\n\r:x'), 0xff, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0]
  const bytes = fc.array(fc.constantFrom(...alphabet), { maxLength: 80 })
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(80), { maxLength: 10 }), (body, cuts) => {
      const whole = Buffer.from(body)
      const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b), whole.length]
      const parts = places.slice(1).map((place, index) => whole.subarray(places[index], place))
      expect(read(parts)).toEqual(read([whole]))
    }),
    { numRuns: 2000 },
  )
})

test('an event whose name comes without data is none, and its name is forgotten', () => {
  expect(read([Buffer.from('event: x\n\ndata: y\n\n')])).toEqual([['', 'y']])
})

test.each(['data: '.padEnd(200, 'x'), 'data: x\n'.repeat(200), ': '.padEnd(200, 'x')])(
  'an event past its bound is refused',
  (body) => {
    expect(() => read([Buffer.from(body)], 100)).toThrow(SseTooLarge)
  },
)
