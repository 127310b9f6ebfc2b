import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createGzip, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { makeFiles } from './read-records.ts'
import { blockHeader, rawFrame, repeatedBlock, skippableFrame } from './zstd-frames.ts'

const files = makeFiles()
afterAll(() => files.remove())
const { read, readFile, put } = files

const line = (n: number) => `${JSON.stringify({ n, text: `сова 🦉 ${n}` })}\n`
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index)).join('')
const records = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    line: from + index,
    record: { n: from + index, text: `сова 🦉 ${from + index}` },
  }))

describe('gzip', () => {
  test('members that follow each other are one file, wherever a line is cut between them', async () => {
    const text = Buffer.from(lines(1, 6))
    const packed = [text.subarray(0, 50), text.subarray(50, 51), text.subarray(51)].map((part) => gzipSync(part))
    expect(await read(Buffer.concat(packed))).toEqual(records(1, 6))
  })

  test.each([
    ['text', Buffer.from('more')],
    ['zeros', Buffer.alloc(16)],
    ['one byte', Buffer.from([0])],
  ])('%s after the last member is an error', async (_name, trailing) => {
    await expect(read(Buffer.concat([gzipSync(lines(1, 3)), trailing]))).rejects.toMatchObject({
      name: 'BrokenFileError',
    })
  })

  test('zeros after a member are an error even where a chunk of the file ends with the member', async () => {
    const filler = gzipSync(Buffer.from('\n'.repeat(1)), { level: 0 })
    const start = gzipSync(lines(1, 2))
    const count = Math.floor((256 * 1024 - start.length) / filler.length)
    const exact = Buffer.concat([start, ...Array.from({ length: count }, () => filler)])
    await expect(read(Buffer.concat([exact, Buffer.alloc(300_000)]))).rejects.toMatchObject({ name: 'BrokenFileError' })
  })

  test('a cut stream gives what was whole, and says where it was cut', async () => {
    const packed = gzipSync(lines(1, 2_000), { level: 1 })
    const found = await read(packed.subarray(0, packed.length - 40))
    const last = found.at(-1)
    expect(last).toMatchObject({ line: found.length, reason: 'truncated' })
    expect(found.slice(0, -1)).toEqual(records(1, found.length - 1))
    expect(found.length).toBeGreaterThan(1_000)
  })

  test('a stream cut before any of it can be unpacked is cut off in its first line', async () => {
    expect(await read(gzipSync(lines(1, 2)).subarray(0, 12))).toMatchObject([{ line: 1, reason: 'truncated' }])
  })

  test('a table that is cut is cut off in its last row, though that looks whole', async () => {
    const packed = gzipSync('a,b\n1,2\n3,4\n', { level: 0 })
    expect(await read(packed.subarray(0, packed.length - 9))).toMatchObject([
      { line: 2 },
      { line: 3, reason: 'truncated' },
    ])
  })

  test('a wrong checksum is an error', async () => {
    const packed = gzipSync(lines(1, 3))
    packed.writeUInt8(packed.readUInt8(packed.length - 6) ^ 1, packed.length - 6)
    await expect(read(packed)).rejects.toThrow('expected gzip data, got damaged')
  })

  test('a bomb is stopped long before it has unpacked', async () => {
    const before = process.memoryUsage.rss()
    await expect(readFile(await bomb(400))).rejects.toThrow('expected at most 200 times as many bytes unpacked')
    expect(process.memoryUsage.rss() - before).toBeLessThan(500 * 1024 * 1024)
  })

  test('up to 64 MiB may repeat as they like', async () => {
    expect(await readFile(await bomb(40), { maxRecordBytes: 1_000_000 })).toMatchObject([
      { line: 1, reason: 'line_too_long' },
    ])
  })

  async function bomb(megabytes: number): Promise<string> {
    const gzip = createGzip()
    const chunks: Buffer[] = []
    gzip.on('data', (chunk: Buffer) => chunks.push(chunk))
    const ended = new Promise((resolve) => gzip.on('end', resolve))
    gzip.write('{"x":"')
    const zeros = Buffer.alloc(1 << 20, 0x30)
    for (let count = 0; count < megabytes; count += 1) {
      if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve))
    }
    gzip.end()
    await ended
    return put(Buffer.concat(chunks))
  }
})

describe('zstd', () => {
  test('frames that follow each other are one file, skippable ones between them count as nothing', async () => {
    const text = Buffer.from(lines(1, 6))
    const packed = Buffer.concat([
      skippableFrame(Buffer.from('who wrote this')),
      rawFrame(text.subarray(0, 50), { checksum: 'right' }),
      skippableFrame(Buffer.alloc(0)),
      rawFrame(Buffer.alloc(0)),
      rawFrame(text.subarray(50)),
      skippableFrame(Buffer.alloc(1_000_000)),
    ])
    expect(await read(packed)).toEqual(records(1, 6))
  })

  test('a frame with a window and several blocks is read', async () => {
    const text = Buffer.from(lines(1, 5_000))
    const packed = rawFrame(text.subarray(0, 200_000), { window: 0x40, checksum: 'right' })
    expect(await read(packed)).toEqual(await read(text.subarray(0, 200_000)))
  })

  test('a wrong checksum is an error, in a long frame and in one of a few bytes', async () => {
    for (const text of [lines(1, 100), '{}']) {
      await expect(read(rawFrame(Buffer.from(text), { checksum: 'wrong' }))).rejects.toThrow('the checksum differs')
    }
    expect(await read(rawFrame(Buffer.from('{}'), { checksum: 'right' }))).toEqual([{ line: 1, record: {} }])
  })

  test.each([
    [
      'other bytes after the last frame',
      Buffer.concat([rawFrame(Buffer.from('{}')), Buffer.from('more')]),
      'other bytes after a frame',
    ],
    [
      'a window of 256 MiB',
      rawFrame(Buffer.from('{}'), { window: (28 - 10) << 3 }),
      'a zstd window of at most 128 MiB',
    ],
    ['a dictionary', rawFrame(Buffer.from('{}'), { window: 0x40, dictionary: true }), 'without a dictionary'],
    [
      'a reserved kind of block',
      rawFrame(Buffer.from('{}'), { blocks: [blockHeader(3, 2, true), Buffer.from('{}')] }),
      'no known kind',
    ],
    [
      'a block that is too large',
      rawFrame(Buffer.from('{}'), { blocks: [blockHeader(2, 200_000, true), Buffer.alloc(200_000)] }),
      'too large',
    ],
    [
      'a compressed block of noise',
      rawFrame(Buffer.from('{}'), { blocks: [blockHeader(2, 40, true), Buffer.alloc(40, 0x5b)] }),
      'damaged',
    ],
  ])('%s is an error', async (_name, packed, message) => {
    await expect(read(packed)).rejects.toThrow(message)
  })

  test('a frame that says it holds terabytes is refused before room is made for it', async () => {
    const header = Buffer.alloc(13)
    header.writeUInt32LE(0xfd2fb528, 0)
    header.writeUInt8(0xe0, 4)
    header.writeBigUInt64LE(1n << 42n, 5)
    await expect(read(Buffer.concat([header, blockHeader(0, 2, true), Buffer.from('{}')]))).rejects.toThrow('128 MiB')
  })

  test('blocks that repeat one byte are stopped like any other bomb', async () => {
    const blocks = Array.from({ length: 1_000 }, (_, index) => repeatedBlock(0x20, 128 * 1024, index === 999))
    await expect(read(rawFrame(Buffer.alloc(0), { window: 0x58, blocks }))).rejects.toThrow(
      'expected at most 200 times',
    )
  })

  test('a cut stream gives what was whole, and says where it was cut', async () => {
    const packed = rawFrame(Buffer.from(lines(1, 5_000)), { window: 0x60 })
    const found = await read(packed.subarray(0, packed.length - 40))
    expect(found.at(-1)).toMatchObject({ line: found.length, reason: 'truncated' })
    expect(found.slice(0, -1)).toEqual(records(1, found.length - 1))
  })

  const noZstd = !existsSync('/usr/bin/zstd')
  test.skipIf(noZstd).each([['-1'], ['-3'], ['-9'], ['-19'], ['--long=27'], ['-3 --no-check'], ['-B100KB -T2']])(
    'what the zstd program packs with %s is read to the last byte',
    async (level) => {
      const text = lines(1, 20_000)
      const plain = put(text, 'plain.jsonl')
      execFileSync('/usr/bin/zstd', ['-q', '-f', ...level.split(' '), plain, '-o', `${plain}.zst`])
      const found = await readFile(`${plain}.zst`)
      expect(found).toHaveLength(20_000)
      expect(found[19_999]).toEqual(records(20_000, 20_000)[0])
      const twice = put(Buffer.concat([readFileSync(`${plain}.zst`), readFileSync(`${plain}.zst`)]))
      expect(await readFile(twice)).toHaveLength(40_000)
    },
  )
})
