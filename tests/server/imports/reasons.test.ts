import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { READ_FAULT_REASONS } from '../../../server/tabular/read-fault.ts'
import { REFUSAL_REASONS, SKIP_REASONS } from '../../../server/imports/refusal.ts'
import { makeImportBench, toJsonLines, type ImportBench } from './import-bench.ts'

let bench: ImportBench
beforeEach(() => (bench = makeImportBench()))
afterEach(() => bench.remove())

const GOOD = { model_a: 'owl', model_b: 'fox', winner: 'a', judge: 'j' }
const good = toJsonLines([GOOD])
const bad = (changes: object) => toJsonLines([{ ...GOOD, ...changes }])
const talk = (...roles: string[]) => roles.map((role) => ({ role, content: 'x' }))

interface Case {
  readonly reason: string
  readonly kind?: string
  readonly content: string | Uint8Array
  /** `LINE: FIELD: expected …` */
  readonly complaint: string
}

const CASES: readonly Case[] = [
  { reason: 'bad_json', content: `${good}{"model_a": NaN}\n`, complaint: '2: record: expected JSON, got NaN' },
  {
    reason: 'bad_encoding',
    content: Buffer.concat([Buffer.from(`${good}{"judge": "`), Buffer.from([0xe9]), Buffer.from('"}\n')]),
    complaint: '2: record: expected UTF-8, got other bytes',
  },
  {
    reason: 'truncated',
    content: `${good}{"model_a": "ow`,
    complaint: '2: record: expected a whole record, got one that the end of the file cuts off',
  },
  {
    reason: 'truncated',
    content: gzipSync(good.repeat(3)).subarray(0, -12),
    complaint: 'record: expected a whole record',
  },
  {
    reason: 'line_too_long',
    content: `${good}${bad({ judge: 'x'.repeat(200_000) })}`,
    complaint: '2: record: expected a record within the size limit',
  },
  {
    reason: 'duplicate_key',
    content: `${good}{"winner": "a", "model_a": "owl", "winner": "b"}\n`,
    complaint: '2: winner: expected each key once, got it twice',
  },
  { reason: 'nul_character', content: bad({ judge: 'a\u0000b' }), complaint: '1: voter: expected text without U+0000' },
  {
    reason: 'nul_character',
    content: 'model_a,model_b,winner\nowl,f\u0000x,a\n',
    complaint: '2: model_b: expected text without U+0000',
  },
  {
    reason: 'lone_surrogate',
    content: '{"model_a": "owl", "model_b": "\\ud83d", "winner": "a"}\n',
    complaint: '1: model_b: expected whole characters',
  },
  {
    reason: 'missing_field',
    content: `\n${bad({ model_b: undefined })}`,
    complaint: '2: model_b: expected text, got nothing',
  },
  {
    reason: 'missing_field',
    content: 'model_a,model_b,winner\nowl,NA,a\n',
    complaint: '2: model_b: expected text, got nothing',
  },
  { reason: 'bad_value', content: bad({ weight: -1 }), complaint: '1: weight: expected a number from 0, got -1' },
  { reason: 'bad_value', content: bad({ weight: '1e400' }), complaint: '1: weight: expected a number from 0' },
  { reason: 'bad_value', content: bad({ strength: 3 }), complaint: '1: strength: expected 1 or 2, got 3' },
  { reason: 'bad_value', content: bad({ turn: 0 }), complaint: '1: turn: expected a number from 1, got 0' },
  {
    reason: 'bad_winner',
    content: bad({ winner: '1' }),
    complaint: '1: winner: expected model_a, model_b, tie, both_bad or the name of a model, got "1"',
  },
  {
    reason: 'bad_timestamp',
    content: bad({ timestamp: 'soon' }),
    complaint: '1: timestamp: expected ISO 8601 or a time since 1970, got "soon"',
  },
  {
    reason: 'same_model',
    content: bad({ model_b: 'owl' }),
    complaint: '1: model_b: expected another model than on side A, got "owl"',
  },
  {
    reason: 'empty_prompt',
    kind: 'prompts',
    content: '{"prompt": " "}\n',
    complaint: '1: prompt: expected a prompt, got an empty text',
  },
  {
    reason: 'role_order',
    content: bad({ conversation_a: talk('user', 'user'), conversation_b: talk('user', 'assistant') }),
    complaint: '1: conversation_a: expected user and assistant by turns',
  },
  {
    reason: 'unsupported_content',
    content: bad({ conversation_a: [{ role: 'user', content: [{ type: 'image', image: 'x' }] }], conversation_b: [] }),
    complaint: '1: conversation_a: expected text, got "image"',
  },
]

test('every reason is tested here or is a reason to skip', () => {
  const known = new Set<string>([...READ_FAULT_REASONS, ...REFUSAL_REASONS])
  expect(new Set(CASES.map(({ reason }) => reason))).toEqual(known)
  expect(SKIP_REASONS).toEqual(['not_a_vote', 'same_text'])
})

describe.each(CASES)('$reason: $complaint', ({ reason, kind = 'votes', content, complaint }) => {
  test('stops everything, or sets the one record aside', async () => {
    const file = bench.write('set.dat', content)
    const options = { maxRecordBytes: 100_000 }
    const stopped = await bench.runWith(options, kind, file, '--json')
    expect(stopped.code).toBe(1)
    expect(stopped.stderr).toContain(`${file}:`)
    expect(stopped.stderr).toContain(complaint)
    expect(stopped.summary).toMatchObject({ imported: 0, rejected: 1, by_reason: { [reason]: 1 } })
    expect(await bench.withStore((store) => store.listModels())).toEqual([])

    const rejects = `${bench.folder}/rejects.jsonl`
    const skipped = await bench.runWith(options, kind, file, '--on-error', 'skip', '--reject-file', rejects, '--json')
    expect(skipped.code).toBe(0)
    const { read, imported, rejected, duplicates } = skipped.summary
    expect(Number(read)).toBe(Number(imported) + Number(duplicates) + Number(rejected))
    expect(skipped.summary).toMatchObject({ rejected: 1, by_reason: { [reason]: 1 } })
    expect(JSON.parse(bench.read('rejects.jsonl'))).toMatchObject({
      file,
      reason,
      message: expect.stringContaining('expected'),
    })
  })
})

test('a set that is all right has nothing set aside, and the reject file is there and empty', async () => {
  const rejects = `${bench.folder}/rejects.jsonl`
  const { code } = await bench.run('votes', bench.write('set.jsonl', good), '--reject-file', rejects)
  expect({ code, rejects: bench.read('rejects.jsonl') }).toEqual({ code: 0, rejects: '' })
})

test('many errors are shown once each up to a limit, all of them go into the file, long records cut', async () => {
  const content = bad({ winner: 'x', judge: 'y'.repeat(100_000) }).repeat(120)
  const rejects = `${bench.folder}/rejects.jsonl`
  const { stderr } = await bench.run('votes', bench.write('set.jsonl', content), '--reject-file', rejects)
  expect(stderr.split('\n').length).toBeLessThan(60)
  expect(stderr).toContain('… and 70 more')
  const entries = bench
    .read('rejects.jsonl')
    .trim()
    .split('\n')
    .map((line): { raw: string } => JSON.parse(line))
  expect(entries).toHaveLength(120)
  expect(Buffer.byteLength(entries[0]?.raw ?? '')).toBe(64 * 1024)
})

test('what data says cannot move the cursor of a terminal', async () => {
  const { stderr } = await bench.run('votes', bench.write('set.jsonl', bad({ winner: '\u001b[2J\u202egone\u0007' })))
  expect(stderr).toContain('got "\\u001b[2J')
  expect(/[\u0000-\u0009\u000b-\u001f\u202e]/u.test(stderr)).toBe(false)
})
