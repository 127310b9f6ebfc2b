import { afterAll, describe, expect, test } from 'vitest'
import { makeFiles } from './read-records.ts'

const files = makeFiles()
afterAll(() => files.remove())
const { read } = files

const owl = (line: number) => ({ line, record: { bird: 'owl' } })

describe('the form of a file is found in its first character', () => {
  test.each([
    ['an object a line', '{"bird":"owl"}\n', 1],
    ['an array', '[{"bird":"owl"}]', 1],
    ['an array after blank lines', '\n\n  [\n{"bird":\n"owl"}\n]\n', 1],
    ['an object after a byte order mark and blank lines', '\uFEFF\n\n{"bird":"owl"}', 3],
    ['a table', 'bird\nowl\n', 2],
    ['a table after a byte order mark', '\uFEFFbird\r\nowl\r\n', 2],
  ])('%s', async (_name, content, line) => {
    expect(await read(content)).toEqual([owl(line)])
  })

  test('nothing is in an empty file, nor in one of white space', async () => {
    expect(await read('')).toEqual([])
    expect(await read('\n \r\n\t\n')).toEqual([])
    expect(await read('\uFEFF')).toEqual([])
  })

  test('a file of lines is read as lines when that is asked for', async () => {
    expect(await read('{not json\n\n[nor this\r\n', { linesAs: 'prompt' })).toEqual([
      { line: 1, record: { prompt: '{not json' } },
      { line: 3, record: { prompt: '[nor this' } },
    ])
  })
})

describe('lines', () => {
  test('are counted with the empty ones; CRLF ends them as LF does', async () => {
    expect(await read('{"bird":"owl"}\r\n\r\n\n  \n{"bird":"owl"}\r\n')).toEqual([owl(1), owl(5)])
  })

  test('are not ended by the separators of Unicode, nor is a mark in the middle anything but text', async () => {
    const bird = 'o\u2028w\u2029l\uFEFF\u0085'
    expect(await read(`${JSON.stringify({ bird })}\n`)).toEqual([{ line: 1, record: { bird } }])
    expect(await read(`bird\n${bird}\n`)).toEqual([{ line: 2, record: { bird } }])
  })

  test('a last one without an end is a record if it is whole, and is cut off if not', async () => {
    expect(await read('{"bird":"owl"}\n{"bird":"owl"}')).toEqual([owl(1), owl(2)])
    expect(await read('{"bird":"owl"}\n{"bird":"o')).toEqual([
      owl(1),
      expect.objectContaining({ line: 2, reason: 'truncated' }),
    ])
    expect(await read('{"bird":"owl"}\n{"bird":"o\n')).toEqual([
      owl(1),
      expect.objectContaining({ line: 2, reason: 'bad_json' }),
    ])
  })

  test('other bytes than UTF-8 spoil the record they are in and no other', async () => {
    const latin1 = Buffer.concat([Buffer.from('{"bird":"owl"}\n'), Buffer.from('{"bird":"k\xe4uzchen"}\n', 'latin1')])
    const found = await read(Buffer.concat([latin1, Buffer.from('{"bird":"owl"}\n')]))
    expect(found).toEqual([owl(1), expect.objectContaining({ line: 2, reason: 'bad_encoding' }), owl(3)])
  })

  test.each([
    ['UTF-16 with a mark', Buffer.from('\uFEFF{"bird":"owl"}\n', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('{"bird":"owl"}\n', 'utf16le')],
    ['UTF-16, the other way round', Buffer.from('\uFEFFbird\nowl\n', 'utf16le').swap16()],
  ])('%s is refused by name', async (_name, content) => {
    await expect(read(content)).rejects.toThrow('expected UTF-8, got UTF-16')
  })

  test('one of ten megabytes is a record like any other', async () => {
    const bird = 'сова '.repeat(1_200_000)
    expect(await read(`{"bird":"owl"}\n${JSON.stringify({ bird })}\n{"bird":"owl"}\n`)).toEqual([
      owl(1),
      { line: 2, record: { bird } },
      owl(3),
    ])
  })

  test('one beyond the limit is passed over; the next is read', async () => {
    const long = JSON.stringify({ bird: 'x'.repeat(300_000) })
    for (const content of [`${long}\n{"bird":"owl"}\n`, `{"bird":"owl"}\n${long}`]) {
      const found = await read(content, { maxRecordBytes: 100_000 })
      expect(found).toHaveLength(2)
      expect(found.find((one) => 'reason' in one)).toMatchObject({ reason: 'line_too_long' })
      expect(found.find((one) => 'record' in one)).toMatchObject({ record: { bird: 'owl' } })
    }
  })
})

describe('a JSON record', () => {
  const faultOf = async (text: string) => (await read(`${text}\n`))[0]

  test.each([
    ['NaN', '{"x": NaN}', 'expected JSON, got NaN'],
    ['Infinity', '{"x": -Infinity}', 'expected JSON, got Infinity'],
    ['a word of Python', '{"x": None}', 'expected JSON, got None'],
    ['half of an object', '{"x": 1', 'expected JSON, got "{\\"x\\": 1"'],
    ['two objects', '{"x": 1} {"x": 2}', 'expected JSON, got "{\\"x\\": 1} {\\"x\\": 2}"'],
    ['a raw line break inside a string', '{"x": "a\u0001"}', 'expected JSON'],
  ])('%s is no JSON, and the message says so', async (_name, text, message) => {
    expect(await faultOf(text)).toMatchObject({ line: 1, reason: 'bad_json' })
    expect(JSON.stringify(await faultOf(text))).toContain(JSON.stringify(message).slice(1, -1))
  })

  test('a key twice is refused, however it is written; inside an object it is not looked at', async () => {
    expect(await faultOf('{"winner": "a", "b": {"b": 1}, "winner": "b"}')).toMatchObject({ reason: 'duplicate_key' })
    expect(await faultOf('{"winner": "a", "w\\u0069nner": "b"}')).toMatchObject({ reason: 'duplicate_key' })
    expect(await faultOf('{"a": {"b": 1, "b": 2}, "b": "{\\"a\\": 1}"}')).toMatchObject({ record: { a: { b: 2 } } })
  })

  test('nesting ends at 64 levels', async () => {
    const nested = (levels: number) => `{"x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
    expect(await faultOf(nested(64))).toMatchObject({ line: 1, record: {} })
    expect(await faultOf(nested(65))).toMatchObject({ reason: 'bad_json' })
    expect(await faultOf(nested(100_000))).toMatchObject({ reason: 'bad_json' })
  })

  test('brackets and quotes in texts are text', async () => {
    const x = '[[{{"\\" \\\\" }'
    expect(await faultOf(JSON.stringify({ x }))).toEqual({ line: 1, record: { x } })
  })

  test('whole numbers that lose digits stay text; others stay numbers', async () => {
    const text =
      '{"id": 12345678901234567891, "n": -9007199254740993, "at": 1700000000.25, "e": 1e3, "max": 9007199254740991}'
    expect(await faultOf(text)).toEqual({
      line: 1,
      record: { id: '12345678901234567891', n: '-9007199254740993', at: 1700000000.25, e: 1000, max: 9007199254740991 },
    })
  })

  test('names that programs know are names', async () => {
    const [found] = await read('{"__proto__": {"x": 1}, "constructor": "c"}\n')
    expect(JSON.stringify(found)).toBe('{"line":1,"record":{"__proto__":{"x":1},"constructor":"c"}}')
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  test('records with the same columns under clashing names are kept apart', async () => {
    const rows = [
      { 'a\x1Fb': 1, c: 2 },
      { a: 1, 'b\x1Fc': 2 },
      { a: 1, b: 2, c: 3 },
      { 'a\x1Fb': 1, c: 2 },
    ]
    const found = await read(rows.map((row) => JSON.stringify(row)).join('\n'))
    expect(found.map((one) => 'record' in one && one.record)).toEqual(rows)
  })

  test('anything but an object is refused', async () => {
    expect(await read('{"x":1}\n5\nnull\n"text"\n')).toMatchObject([
      { line: 1 },
      { line: 2, reason: 'bad_json' },
      { line: 3, reason: 'bad_json' },
      { line: 4, reason: 'bad_json' },
    ])
  })
})

describe('a JSON array', () => {
  test('is read element by element, each counted', async () => {
    const rows = [{ a: '],[' }, { a: '\\' }, { a: '"' }, { a: { b: [1, { c: '}' }] } }]
    const found = await read(JSON.stringify(rows, null, 4))
    expect(found).toEqual(rows.map((record, index) => ({ line: index + 1, record })))
  })

  test('may be empty', async () => {
    expect(await read('[ ]\n')).toEqual([])
  })

  test('that is cut off says where', async () => {
    expect(await read('[{"a":1},{"a":2')).toMatchObject([{ line: 1 }, { line: 2, reason: 'truncated' }])
    expect(await read('[{"a":1}')).toMatchObject([{ line: 1, reason: 'truncated' }])
    expect(await read('[{"a":1},')).toMatchObject([{ line: 1 }, { line: 2, reason: 'truncated' }])
  })

  test('with faults between its elements has them where they are', async () => {
    expect(await read('[{"a":1} {"a":2}, {"a":3},]')).toMatchObject([
      { line: 1, reason: 'bad_json' },
      { line: 2, record: { a: 3 } },
      { line: 3, reason: 'bad_json' },
    ])
    expect(await read('[{"a":1}] trailing')).toMatchObject([{ line: 1 }, { line: 2, reason: 'bad_json' }])
    expect(await read('[{"a":1}]\n[{"a":2}]')).toMatchObject([{ line: 1 }, { line: 2, reason: 'bad_json' }])
  })

  test('an element beyond the limit is passed over', async () => {
    const found = await read(JSON.stringify([{ a: 1 }, { a: 'x'.repeat(300_000) }, { a: 3 }]), {
      maxRecordBytes: 100_000,
    })
    expect(found).toMatchObject([{ line: 1 }, { line: 2, reason: 'line_too_long' }, { line: 3, record: { a: 3 } }])
  })

  test('an element that is no UTF-8 is the only one lost', async () => {
    const content = Buffer.concat([Buffer.from('[{"a":"'), Buffer.from([0xff]), Buffer.from('"},{"a":2}]')])
    expect(await read(content)).toMatchObject([
      { line: 1, reason: 'bad_encoding' },
      { line: 2, record: { a: 2 } },
    ])
  })
})
