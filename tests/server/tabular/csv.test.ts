import { afterAll, describe, expect, test } from 'vitest'
import { makeFiles } from './read-records.ts'

const files = makeFiles()
afterAll(() => files.remove())
const { read } = files

describe('a table', () => {
  test.each([
    ['commas', 'a,b;c\n1,2\n'],
    ['semicolons', 'a;"b;c"\n1;2\n'],
    ['tabs', 'a\tb;c\n1\t2\n'],
  ])('may be divided by %s', async (_name, content) => {
    expect(await read(content)).toEqual([{ line: 2, record: { a: '1', 'b;c': '2' } }])
  })

  test('quotes hold delimiters, quotes and line ends, exactly as they are', async () => {
    const content = 'a,b\r\n"x, ""y""","one\r\ntwo\n\nthree"\r\nlast,"""q"""\r\n'
    expect(await read(content)).toEqual([
      { line: 2, record: { a: 'x, "y"', b: 'one\r\ntwo\n\nthree' } },
      { line: 6, record: { a: 'last', b: '"q"' } },
    ])
  })

  test('an empty cell is nothing, an empty text is a text, and so are words in quotes', async () => {
    expect(await read('a,b,c,d,e\n,"",nan,null,NA\n"NA","null","nan", NA,NaN\n')).toEqual([
      { line: 2, record: { a: null, b: '', c: null, d: null, e: null } },
      { line: 3, record: { a: 'NA', b: 'null', c: 'nan', d: ' NA', e: 'NaN' } },
    ])
  })

  test('a quote inside a bare cell is a quote', async () => {
    expect(await read('a,b\n5" wide,x"y"z\n')).toEqual([{ line: 2, record: { a: '5" wide', b: 'x"y"z' } }])
  })

  test('a row with too many or too few cells is refused, and so is text after a closing quote', async () => {
    expect(await read('a,b\n1\n1,2,3\n"x"y,2\n1,2\n')).toMatchObject([
      { line: 2, reason: 'bad_value', message: 'expected 2 cells, got 1' },
      { line: 3, reason: 'bad_value', message: 'expected 2 cells, got 3' },
      { line: 4, reason: 'bad_value' },
      { line: 5, record: { a: '1', b: '2' } },
    ])
  })

  test('a last row that the end of the file cuts off is not taken for a whole one', async () => {
    expect(await read('a,b\n1,2\n1')).toMatchObject([{ line: 2 }, { line: 3, reason: 'truncated' }])
    expect(await read('a,b\n1,2\n1,"tw\no')).toMatchObject([{ line: 2 }, { line: 3, reason: 'truncated' }])
    expect(await read('a,b\n1,2\n1,2')).toMatchObject([{ line: 2 }, { line: 3, record: { b: '2' } }])
  })

  test('bytes that are no UTF-8 spoil the row they are in', async () => {
    const content = Buffer.concat([Buffer.from('a,b\n1,"x\n'), Buffer.from([0xc3, 0x28, 0x0a]), Buffer.from('3,4\n')])
    expect(await read(content)).toMatchObject([
      { line: 2, reason: 'bad_encoding' },
      { line: 4, record: { a: '3', b: '4' } },
    ])
  })

  test('a row beyond the limit is passed over, in quotes and without', async () => {
    const long = 'x'.repeat(300_000)
    const quoted = `"${'y\n'.repeat(150_000)}"`
    expect(await read(`a,b\n1,${long}\n3,4\n`, { maxRecordBytes: 100_000 })).toMatchObject([
      { line: 2, reason: 'line_too_long' },
      { line: 3, record: { a: '3' } },
    ])
    const found = await read(`a,b\n1,${quoted}\n`, { maxRecordBytes: 100_000 })
    expect(found[0]).toMatchObject({ line: 2, reason: 'line_too_long' })
  })

  test('a long text over many lines is put together in reasonable time', async () => {
    const text = 'a line of an answer\n'.repeat(100_000)
    const found = await read(`a,b\n1,"${text}"\n2,x\n`)
    expect(found).toEqual([
      { line: 2, record: { a: '1', b: text } },
      { line: 100_003, record: { a: '2', b: 'x' } },
    ])
  })

  test('a name twice in the header is refused; names that are empty are not looked for', async () => {
    await expect(read('a,b,a\n1,2,3\n')).rejects.toThrow('expected each column once, got "a" twice (duplicate_key)')
    expect(await read(',a,\n1,2,3\n')).toMatchObject([{ line: 2 }])
  })

  test('in a file of ours exactly one shielding quote is taken off text', async () => {
    const content = `schema_version,a,b\n1,"'=1+1","''quoted"\n1,"'","plain"\n`
    expect(await read(content)).toEqual([
      { line: 2, record: { schema_version: '1', a: '=1+1', b: "'quoted" } },
      { line: 3, record: { schema_version: '1', a: '', b: 'plain' } },
    ])
    expect(await read(`a,b\n"'=1","'x"\n`)).toEqual([{ line: 2, record: { a: "'=1", b: "'x" } }])
  })
})
