import { appendFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeVote, makeImportBench, readVotes, toJsonLines, type ImportBench } from './import-bench.ts'

let bench: ImportBench
beforeEach(() => (bench = makeImportBench()))
afterEach(() => bench.remove())

const VOTE = { model_a: 'owl', model_b: 'fox', winner: 'a' }
const votes = () => bench.withStore(readVotes)

describe('the kind of a file is found by itself', () => {
  const assistant = [{ role: 'assistant', content: 'x' }]
  test.each([
    ['votes', VOTE],
    [
      'votes',
      {
        model_a: 'owl',
        model_b: 'fox',
        winner_model_a: 1,
        winner_model_b: 0,
        winner_tie: 0,
        prompt: 'p',
        response_a: 'a',
        response_b: 'b',
      },
    ],
    ['battles', { prompt: 'p', model_a: 'owl', response_a: 'x', model_b: 'fox', response_b: 'y', votes: [] }],
    ['prompts', { prompt: 'p' }],
    ['prompts', { messages: [{ role: 'user', content: 'p' }] }],
    ['answers', { prompt: 'p', model: 'owl', response: 'x' }],
    ['pairs', { prompt: 'p', chosen: 'x', rejected: 'y' }],
    [
      'pairs',
      {
        input: { messages: [{ role: 'user', content: 'p' }] },
        preferred_output: assistant,
        non_preferred_output: [{ role: 'assistant', content: 'y' }],
      },
    ],
    ['fastchat', { type: 'chat', tstamp: 1, models: [], states: [], ip: '' }],
    [
      'comparia',
      {
        model_a_name: 'owl',
        model_b_name: 'fox',
        chosen_model_name: 'owl',
        both_equal: false,
        conversation_pair_id: 'p',
      },
    ],
    [
      'argilla',
      {
        fields: { prompt: 'p', response_a: 'x', response_b: 'y' },
        metadata: { model_a: 'owl', model_b: 'fox' },
        responses: { q: [] },
      },
    ],
    [
      'argilla',
      { data: { prompt: 'p', response_a: 'x', response_b: 'y', model_a: 'owl', model_b: 'fox' }, annotations: [] },
    ],
  ])('%s', async (kind, record) => {
    const { code, summary, stderr } = await bench.run('auto', bench.write('set.jsonl', toJsonLines([record])), '--json')
    expect({ code, stderr, kind: summary['kind'] }).toEqual({ code: 0, stderr: '', kind })
  })

  test('what could be two kinds is for the operator to name', async () => {
    const { code, stderr } = await bench.run('auto', bench.write('set.jsonl', toJsonLines([VOTE, { prompt: 'p' }])))
    expect(code).toBe(2)
    expect(stderr).toContain('name one of votes, prompts')
  })

  test('what is of no kind is said to be', async () => {
    const { code, stderr } = await bench.run('auto', bench.write('set.csv', 'colour,size\nred,2\n'))
    expect(code).toBe(2)
    expect(stderr).toContain('of no kind that can be told')
  })
})

describe('several files', () => {
  test('are one import: either all of them or none', async () => {
    const one = bench.write('one.jsonl', toJsonLines([VOTE]))
    const other = bench.write('other.csv', 'model_a,model_b,winner\nowl,fox,b\nowl,fox,unclear\n')
    const stopped = await bench.run('votes', one, other, '--json')
    expect(stopped).toMatchObject({ code: 1, summary: { files: 2, source: 'one,other', imported: 0, rejected: 1 } })
    expect(stopped.stderr).toContain(`${other}:3: winner:`)
    expect(await votes()).toEqual([])
    expect((await bench.run('votes', one, other, '--on-error', 'skip', '--json')).summary).toMatchObject({
      imported: 2,
      rejected: 1,
    })
    expect((await votes()).map(({ battle }) => battle.source)).toEqual(['one', 'other'])
  })

  test('keep the label that is given', async () => {
    await bench.run('votes', bench.write('a.b.jsonl', toJsonLines([VOTE])), '--source', 'June poll')
    expect((await votes()).map(({ battle }) => battle.source)).toEqual(['June poll'])
  })
})

describe('nothing half done', () => {
  const damaged = () => {
    const packed = gzipSync(toJsonLines(Array.from({ length: 30_000 }, (_, judge) => ({ ...VOTE, judge }))))
    packed.writeUInt8(packed.readUInt8(packed.length - 6) ^ 1, packed.length - 6)
    return packed
  }

  test('a packed file whose end shows that it is damaged is not stored to its middle, whatever is asked', async () => {
    for (const flags of [[], ['--on-error', 'skip']]) {
      const { code, stderr } = await bench.run('votes', bench.write('set.jsonl.gz', damaged()), ...flags)
      expect(code).toBe(1)
      expect(stderr).toContain('set.jsonl.gz: expected gzip data, got damaged or other bytes')
      expect(await votes()).toEqual([])
    }
  })

  test('a file that changes between the check and the import is not taken for what was checked', async () => {
    const file = bench.write('set.jsonl', toJsonLines([VOTE]))
    bench.beforeStore = () => appendFileSync(file, toJsonLines([{ ...VOTE, winner: 'b' }]))
    const { code, stderr } = await bench.run('votes', file)
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('got one that changed while it was read'),
    })
    expect(await votes()).toEqual([])
  })
})

describe('a dry run', () => {
  test('says exactly what the import then does, and shows what was understood', async () => {
    const records = [VOTE, VOTE, { ...VOTE, judge: 'j' }, { ...VOTE, judge: 'j' }, { ...VOTE, judge: 'k', pair_id: 7 }]
    await bench.run('votes', bench.write('before.jsonl', toJsonLines(records.slice(0, 1))))
    const file = bench.write('set.jsonl', toJsonLines(records))
    const dry = await bench.run('votes', file, '--dry-run', '--json')
    const { sample, ...foreseen } = dry.summary
    expect(foreseen).toMatchObject({ imported: 4, duplicates: 1, votes_created: 4 })
    expect(Array.isArray(sample) && sample.length).toBe(5)
    expect(sample).toMatchObject([
      { file, line: 1, fact: 'battle', models: { a: 'owl', b: 'fox' }, votes: [{ outcome: 'a' }] },
      {},
      {},
      {},
      {},
    ])
    expect(await votes()).toHaveLength(1)
    const real = await bench.run('votes', file, '--json')
    expect(real.summary).toEqual({ ...foreseen, dry_run: false })
    expect(await votes()).toHaveLength(5)
  })
})

describe('what makes two votes the same', () => {
  const count = async (records: readonly object[], ...flags: string[]) => {
    const { summary } = await bench.run('votes', bench.write('set.jsonl', toJsonLines(records)), '--json', ...flags)
    return [summary['imported'], summary['duplicates']]
  }

  test('a bare list has true repeats; the same list again is known', async () => {
    expect(await count([VOTE, VOTE, VOTE])).toEqual([3, 0])
    expect(await count([VOTE, VOTE, VOTE])).toEqual([0, 3])
    expect(await count([VOTE, VOTE, VOTE, VOTE, VOTE])).toEqual([2, 3])
  })

  test('a voter who says the same of the same item says it once', async () => {
    const told = { ...VOTE, judge: 'j', pair_id: 1 }
    expect(await count([told, told])).toEqual([1, 1])
    expect(
      await count([
        { ...told, pair_id: 2 },
        { ...told, winner: 'b' },
        { ...told, model_a: 'elk' },
      ]),
    ).toEqual([3, 0])
  })

  test('order, file and label do not matter; the arena does', async () => {
    const records = ['x', 'y', 'z'].map((judge) => ({ ...VOTE, judge, pair_id: 1 }))
    expect(await count(records)).toEqual([3, 0])
    expect(await count(records.toReversed(), '--source', 'other')).toEqual([0, 3])
    expect(await count(records, '--arena', 'other')).toEqual([3, 0])
  })

  test('an id is what tells them apart when the operator says so', async () => {
    const records = [
      { ...VOTE, id: 'vote-0001' },
      { ...VOTE, id: 'vote-0002' },
      { ...VOTE, id: 'vote-0001' },
      { ...VOTE, id: 5 },
    ]
    expect(await count(records, '--map', 'id=id')).toEqual([3, 1])
    expect(await count(records, '--map', 'id=id')).toEqual([0, 4])
    expect((await votes()).map(({ vote }) => vote.id).slice(0, 2)).toEqual(['vote-0001', 'vote-0002'])
  })
})

test('an arena of its own, a table for people, and columns by other names', async () => {
  const file = bench.write('set.csv', 'left;right;better;when\nowl;fox;left one;2026-01-01\n')
  const map = ['model_a=left', 'model_b=right', 'timestamp=when', 'winner==a']
  const { stdout } = await bench.run('votes', file, '--arena', 'birds', ...map.flatMap((entry) => ['--map', entry]))
  expect(stdout).toMatch(/^arena +birds$/m)
  expect(stdout).toMatch(/^votes created +1$/m)
  const [found] = await votes()
  expect(found?.battle.arena).toBe('birds')
  expect(found && describeVote(found)).toMatchObject({ models: 'owl / fox', outcome: 'a' })
})

test('names of any script and categories of any kind come through', async () => {
  const records = ['математика', 'Coding & Tools', '数学', 'Ça va?', '🦉'].map((category) => ({
    ...VOTE,
    model_a: 'Сова 🦉',
    category,
  }))
  await bench.run('votes', bench.write('set.jsonl', toJsonLines(records)))
  expect((await votes()).map(({ battle }) => [battle.models.a, ...battle.categories])).toEqual([
    ['Сова 🦉', 'matematika'],
    ['Сова 🦉', 'coding-tools'],
    ['Сова 🦉', 'u6570-u5b66'],
    ['Сова 🦉', 'ca-va'],
    ['Сова 🦉'],
  ])
})

test('a record may be an object with hostile names; nothing else gets what it says', async () => {
  const hostile =
    '{"__proto__": {"winner": "b"}, "constructor": {"prototype": {"x": 1}}, "model_a": "owl", "model_b": "__proto__"}\n'
  const { summary } = await bench.run('votes', bench.write('set.jsonl', hostile), '--on-error', 'skip', '--json')
  expect(summary['by_reason']).toEqual({ missing_field: 1 })
  const named = await bench.run(
    'votes',
    bench.write('set2.jsonl', hostile.replace('"model_a"', '"winner": "__proto__", "model_a"')),
    '--json',
  )
  expect(named.summary).toMatchObject({ imported: 1 })
  expect((await votes())[0]?.vote.outcome).toBe('b')
  expect(({} as Record<string, unknown>)['winner']).toBeUndefined()
})
