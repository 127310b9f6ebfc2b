import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runRank } from '../../../server/rank-file/rank-command.ts'
import { rank, RankFolder, rankedRows, type JsonRow } from './rank-files.ts'

const folder = new RankFolder()
afterAll(() => folder.remove())

interface Vote {
  model_a: string
  model_b: string
  winner: string
  judge: string
  category: string
}

/** Three models in a clear order, a few voters, two categories. */
const votes: Vote[] = Array.from({ length: 240 }, (_, v) => {
  const [model_a, model_b] = [
    ['owl', 'fox'],
    ['fox', 'cat'],
    ['cat', 'owl'],
  ][v % 3] as [string, string]
  const winner = ['model_a', 'model_a', 'model_b', 'tie', 'tie (bothbad)', 'model_b', 'model_b'][v % 7] ?? 'tie'
  return { model_a, model_b, winner, judge: `u${v % 11}`, category: v % 4 === 0 ? 'math' : 'coding' }
})
const header = 'model_a,model_b,winner,judge,category'
const csvOf = (rows: readonly Vote[]) => `${header}\n${rows.map((row) => Object.values(row).join(',')).join('\n')}\n`

let expected: JsonRow[]
let csv: string

beforeAll(async () => {
  csv = folder.write('votes.csv', csvOf(votes))
  expected = await rankedRows(csv)
})

test('a file of votes becomes a table that people can read', async () => {
  const { code, out, errors } = await rank(csv)
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(out).toMatchInlineSnapshot(`
    "rank  range  model  rating  ± 95 %  votes
       1    1–3  fox    1002.9    30.3    160
       1    1–3  owl    1001.4    30.4    160
       1    1–3  cat     995.7    30.4    160

    240 votes, 3 models; bt, sandwich, the larger of by voter and by vote, 11 clusters
    "
  `)
})

test('as JSON it is an array of rows, best first, with intervals', () => {
  expect(expected.map((row) => row.model)).toEqual(['fox', 'owl', 'cat'])
  for (const row of expected) {
    expect(row).toMatchObject({ rank: 1, rankLower: 1, rankUpper: 3, votes: 160, provisional: 'none', component: 0 })
    expect(row.lower).toBeLessThan(row.rating)
    expect(row.upper).toBeGreaterThan(row.rating)
  }
})

describe('the same votes give the same board', () => {
  const jsonl = votes.map((vote) => JSON.stringify(vote)).join('\n')
  const quoted = `${header}\r\n${votes
    .map((vote) =>
      Object.values(vote)
        .map((cell) => `"${cell}"`)
        .join(','),
    )
    .join('\r\n')}`
  const parquet = () =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: (['model_a', 'model_b', 'winner', 'judge', 'category'] as const).map((name) => ({
          name,
          data: votes.map((vote) => vote[name]),
          type: 'STRING',
        })),
        rowGroupSize: 100,
      }),
    )

  test.each<[string, () => string | Uint8Array]>([
    ['from lines of JSON', () => jsonl],
    [
      'from lines of JSON with escapes and nesting',
      () => jsonl.replaceAll('"owl"', '"\\u006fwl"').replaceAll('}', ',"x":{"y":[1]}}'),
    ],
    [
      'from lines of JSON with spaces, blank lines and a last line end',
      () => `\n${jsonl.replaceAll(':', ' : ').replaceAll('\n', '\r\n\n')}\n`,
    ],
    ['from a JSON array', () => JSON.stringify(votes)],
    ['from a JSON array over many lines', () => JSON.stringify(votes, null, 2)],
    ['from Parquet', parquet],
    ['from a table in quotes with CRLF', () => quoted],
    ['from a table with semicolons', () => csvOf(votes).replaceAll(',', ';')],
    ['from a table with tabs', () => csvOf(votes).replaceAll(',', '\t')],
    ['from a table with a byte order mark and blank lines', () => `\uFEFF${csvOf(votes).replaceAll('\n', '\n\n')}`],
    ['from gzip', () => gzipSync(csvOf(votes))],
    [
      'from two gzip members',
      () => Buffer.concat([gzipSync(csvOf(votes).slice(0, 999)), gzipSync(csvOf(votes).slice(999))]),
    ],
    ['from gzipped lines of JSON', () => gzipSync(jsonl)],
    ['with other names of columns', () => csvOf(votes).replace(header, 'Model 1,model.2,Vote,USER,category')],
    [
      'with columns in another order',
      () =>
        `winner,category,judge,model_b,model_a\n${votes.map((vote) => [vote.winner, vote.category, vote.judge, vote.model_b, vote.model_a].join(',')).join('\n')}`,
    ],
    [
      'with names of models as winners',
      () =>
        csvOf(
          votes.map((vote) => ({
            ...vote,
            winner: vote.winner === 'model_a' ? vote.model_a : vote.winner === 'model_b' ? vote.model_b : vote.winner,
          })),
        ),
    ],
    [
      'with columns that nobody asked for',
      () =>
        csvOf(votes)
          .replaceAll('\n', ',"a, b\nc",x\n')
          .replace(/^.*\nc",x\n/, `${header},prompt,y\n`),
    ],
  ])('%s', async (name, content) => {
    const file = folder.write(`same-${name.replace(/\W/g, '')}`, content())
    const rows = await rankedRows(file)
    expect(rows.map((row) => row.model)).toEqual(expected.map((row) => row.model))
    rows.forEach((row, k) => {
      expect(row.rating).toBeCloseTo(expected[k]?.rating ?? Number.NaN, 9)
      expect(row.se).toBeCloseTo(expected[k]?.se ?? Number.NaN, 9)
      expect(row.votes).toBe(expected[k]?.votes)
    })
  })

  test('from counts of pairs, either way round', async () => {
    const counted = new Map<string, number[]>()
    for (const { model_a, model_b, winner } of votes) {
      const cells = counted.get(`${model_a},${model_b}`) ?? [0, 0, 0, 0]
      const at = ['model_a', 'model_b', 'tie', 'tie (bothbad)'].indexOf(winner)
      cells[at] = (cells[at] ?? 0) + 1
      counted.set(`${model_a},${model_b}`, cells)
    }
    const lines = [...counted].map(([pair, cells]) => `${pair},${cells.join(',')}`)
    lines[0] = lines[0]?.replace(/^(\w+),(\w+),(\d+),(\d+)/, '$2,$1,$4,$3') ?? ''
    const file = folder.write('pairs.csv', `model_a,model_b,wins_a,wins_b,ties,ties_both_bad\n${lines.join('\n')}`)
    const rows = await rankedRows(file)
    const plain = await rankedRows(csv, '--cluster', 'none')
    rows.forEach((row, k) => {
      expect(row).toMatchObject({ model: plain[k]?.model, votes: plain[k]?.votes })
      expect(row.rating).toBeCloseTo(plain[k]?.rating ?? Number.NaN, 9)
      expect(row.se).toBeCloseTo(plain[k]?.se ?? Number.NaN, 9)
    })
  })
})

describe('who won', () => {
  const oneVote = async (winner: string) => {
    const file = folder.write('one.csv', `model_a,model_b,winner\nowl,fox,${winner}\n`)
    const { code, out, errors } = await rank(file, '--json', '--ci', 'none')
    if (code !== 0) return errors
    const [first] = JSON.parse(out) as (JsonRow & { wins: number; ties: number; bothBad: number })[]
    if (first?.ties) return 'tie'
    if (first?.bothBad) return 'both bad'
    return first?.model
  }

  test.each(['model_a', 'A', 'left', 'leftvote', 'A>B', 'a>>b', 'Response A', 'first', 'owl', 'model 1', '"answer_a"'])(
    '%s is the left one',
    async (word) => expect(await oneVote(word)).toBe('owl'),
  )
  test.each(['model_b', 'b', 'rightvote', '[[B>A]]', 'second', 'fox', 'B is better'.replace(' is', '')])(
    '%s is the right one',
    async (word) => expect(await oneVote(word)).toBe('fox'),
  )
  test.each(['tie', 'Draw', 'A=B', 'both_good', 'tie (inconsistent)', 'equal'])('%s is a tie', async (word) =>
    expect(await oneVote(word)).toBe('tie'),
  )
  test.each(['tie (bothbad)', 'both_bad', 'bothbad_vote', 'neither'])('%s is both bad', async (word) =>
    expect(await oneVote(word)).toBe('both bad'),
  )
  test.each(['1', '2', 'Owl', 'yes', '""'])('%s is refused by its line', async (word) => {
    expect(await oneVote(word)).toMatch(/one\.csv:2: winner: expected model_a, model_b, tie, both_bad or .*, got /)
  })

  test('one-hot columns say the same', async () => {
    const file = folder.write(
      'hot.csv',
      'id,model_a,model_b,winner_model_a,winner_model_b,winner_tie\n1,owl,fox,1,0,0\n2,owl,fox,0,0,1\n3,fox,owl,0,1,0\n',
    )
    const [first] = await rankedRows(file, '--ci', 'none')
    expect(first).toMatchObject({ model: 'owl', votes: 3, wins: 2, ties: 1 })
    const bad = folder.write('hot-bad.csv', 'model_a,model_b,winner_model_a,winner_model_b,winner_tie\nowl,fox,1,1,0\n')
    expect((await rank(bad)).errors).toContain('hot-bad.csv:2: winner_model_a: expected exactly one of')
  })
})

describe('a bad line', () => {
  const long = csvOf(votes)
  test.each<[string, string | Uint8Array, string]>([
    ['without a model', `${header}\nowl,fox,tie,u,x\n,fox,tie,u,x\n`, ':3: model_a: expected a name, got nothing'],
    ['with NA for a model', `${header}\nNA,fox,tie,u,x\n`, ':2: model_a: expected a name, got nothing'],
    [
      'with one model twice',
      `${header}\nowl,owl,tie,u,x\n`,
      ':2: model_b: expected another model than model_a, got "owl" again',
    ],
    ['with a cell too few', `${long}owl,fox,tie\n`, ':242: record: expected 5 cells, got 3'],
    ['with a cell too many', `${header}\n"owl",fox,tie,u,x,y\n`, ':2: record: expected 5 cells, got 6'],
    [
      'with text after a quote',
      `${header}\n"owl"s,fox,tie,u,x\n`,
      ':2: record: expected a delimiter after the closing quote',
    ],
    [
      'with an open quote',
      `${long}owl,"fox,tie,u,x\n`,
      ':242: record: expected a whole record, got one that the end of the file cuts off',
    ],
    [
      'that the end of the file cuts off',
      `${long}owl,fox`,
      ':242: record: expected a whole record, got one that the end of the file cuts off',
    ],
    [
      'that is no UTF-8',
      Buffer.concat([Buffer.from(long), Buffer.from([0xff, 0x0a])]),
      ':242: record: expected UTF-8, got other bytes',
    ],
    [
      'with a weight below 0',
      'model_a,model_b,winner,weight\nowl,fox,a,1\nowl,fox,a,-1\n',
      ':3: weight: expected a number of 0 or more, got "-1"',
    ],
    [
      'with words for a weight',
      'model_a,model_b,winner,weight\nowl,fox,a,much\n',
      ':2: weight: expected a number of 0 or more, got "much"',
    ],
    [
      'with a strange truth',
      'model_a,model_b,winner,counted\nowl,fox,a,maybe\n',
      ':2: counted: expected true or false, got "maybe"',
    ],
    [
      'with a count missing',
      'model_a,model_b,wins_a,wins_b\nowl,fox,1,\n',
      ':2: wins_b: expected a number, got nothing',
    ],
    ['with NaN in JSON', '{"model_a": "owl", "model_b": "fox", "winner": NaN}\n', ':1: record: expected JSON, got NaN'],
    [
      'with a key twice',
      '{"model_a": "owl", "model_b": "fox", "winner": "a", "winner": "b"}\n',
      ':1: winner: expected each key once, got it twice',
    ],
    [
      'of JSON that ends early',
      `${JSON.stringify(votes[0])}\n{"model_a": "owl", "mod`,
      ':2: record: expected a whole record',
    ],
    [
      'of a JSON list in a list',
      '[{"model_a": "owl", "model_b": "fox", "winner": "a"}, 7]',
      ':2: record: expected an object, got a number',
    ],
    [
      'of JSON without a winner',
      `${JSON.stringify(votes[0])}\n{"model_a": "owl", "model_b": "fox"}\n`,
      ':2: winner: expected a column winner (or outcome',
    ],
    ['in a header without models', 'a,b,winner\n1,2,tie\n', ':1: model_a: expected a column model_a (or model_a_name'],
    [
      'in a header with a column twice',
      'model_a,model_b,winner,winner\n',
      ':1: winner: expected each column once, got it twice',
    ],
    ['in an empty file', '', ':1: header: expected a header and records, got no header'],
  ])('%s stops it, by number, field and expectation', async (name, content, message) => {
    const file = folder.write(`bad-${name.replace(/\W/g, '')}`, content)
    const { code, out, errors } = await rank(file)
    expect(out).toBe('')
    expect(errors.startsWith(`${file}${message}`), errors).toBe(true)
    expect(errors.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(1)
  })

  test('that gzip cuts off stops it', async () => {
    const whole = gzipSync(csvOf(votes))
    const file = folder.write('cut.csv.gz', whole.subarray(0, whole.length - 20))
    const { code, out, errors } = await rank(file)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(errors).toMatch(/cut\.csv\.gz:\d+: record: expected a whole record/)
  })

  test('of UTF-16 stops it', async () => {
    const file = folder.write('wide.csv', Buffer.from(`\uFEFF${csvOf(votes)}`, 'utf16le'))
    expect(await rank(file)).toMatchObject({ code: 1, errors: expect.stringContaining('expected UTF-8, got UTF-16') })
  })

  test('in a broken Parquet file stops it', async () => {
    const file = folder.write('broken.parquet', 'PAR1 and then nothing of the kind PAR1')
    expect(await rank(file)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('expected Parquet that can be read'),
    })
  })

  test('cannot move the cursor of a terminal', async () => {
    const file = folder.write('escape.csv', 'model_a,model_b,winner\nowl,fox,\u001b[2Jx\n')
    const { errors } = await rank(file)
    expect(errors).not.toContain('\u001b')
    expect(errors).toContain('u001b')
    const table = await rank(folder.write('colour.csv', 'model_a,model_b,winner\n\u001b[31mowl,fox,a\n'))
    expect(table.out).not.toContain('\u001b')
  })

  test('in a file that is not there is one of the system', async () => {
    expect(await rank('/nowhere/votes.csv')).toMatchObject({ code: 1, errors: expect.stringContaining('ENOENT') })
  })
})

describe('what a row may say besides', () => {
  test('rows that do not count are left out', async () => {
    const text = `model_a,model_b,winner,counted\nowl,fox,a,true\nowl,fox,b,False\nowl,fox,b,0\nfox,owl,b,1\n`
    const [first] = await rankedRows(folder.write('counted.csv', text), '--ci', 'none')
    expect(first).toMatchObject({ model: 'owl', votes: 2, wins: 2 })
  })

  test('weights count', async () => {
    const text = 'model_a,model_b,winner,weight\nowl,fox,a,3\nowl,fox,b,1\nowl,fox,b,0\n'
    const rows = await rankedRows(folder.write('weights.csv', text), '--ci', 'none')
    expect((rows[0]?.rating ?? 0) - (rows[1]?.rating ?? 0)).toBeCloseTo(400 * Math.log10(3), 9)
  })

  test('a text of a file that Ringside wrote loses the shield in front', async () => {
    const text = `schema_version,model_a,model_b,winner\n1,"'=owl","fox","model_a"\n1,"fox","'=owl","model_b"\n`
    const rows = await rankedRows(folder.write('own.csv', text), '--ci', 'none')
    expect(rows[0]?.model).toBe('=owl')
  })

  test('votes hang together by any column that is named', async () => {
    const named = await rankedRows(csv, '--cluster', 'category')
    const alone = await rankedRows(csv, '--cluster', 'none')
    expect(named[0]?.rating).toBeCloseTo(alone[0]?.rating ?? 0, 9)
    expect((await rank(csv, '--cluster', 'category')).out).toContain('by category and by vote, 2 clusters')
    const worker = folder.write('worker.csv', csvOf(votes).replace('judge', 'worker'))
    expect((await rankedRows(worker))[0]?.se).toBeCloseTo(alone[0]?.se ?? 0, 9)
    expect((await rankedRows(worker, '--cluster', 'voter'))[0]?.se).toBeCloseTo(expected[0]?.se ?? 0, 9)
  })
})

describe('categories', () => {
  test('each makes one board a value, as an object of arrays', async () => {
    const { out } = await rank(csv, '--category', 'each', '--json')
    const boards = JSON.parse(out) as Record<string, JsonRow[]>
    expect(Object.keys(boards)).toEqual(['coding', 'math'])
    const math = folder.write('math.csv', csvOf(votes.filter((vote) => vote.category === 'math')))
    const alone = await rankedRows(math)
    expect(boards['math']?.map((row) => row.rating)).toEqual(alone.map((row) => row.rating))
    expect((await rank(csv, '--category', 'each')).out).toMatch(/^coding:\n[\s\S]*\nmath:\n/)
  })

  test('names keep the rows that have one of them', async () => {
    const math = await rankedRows(csv, '--category', 'math')
    expect(math.reduce((sum, row) => sum + row.votes, 0)).toBe(2 * 60)
    const both = await rankedRows(csv, '--category', 'math', '--category', 'coding')
    expect(both.map((row) => row.rating)).toEqual(expected.map((row) => row.rating))
    expect(await rankedRows(csv, '--category', 'nothing')).toEqual([])
    expect((await rank(csv, '--category', 'nothing')).out).toBe('no votes\n')
  })

  test('may be a list, names joined by bars, or the tags of LMArena', async () => {
    const row = { model_a: 'owl', model_b: 'fox', winner: 'a' }
    const tags = {
      'math_v0.1': { math: true },
      'if_v0.1': { if: true, score: 4 },
      'criteria_v0.1': { a: true, b: true },
    }
    const lines = [
      { ...row, categories: ['math', 'ru'] },
      { ...row, categories: ['ru'] },
      { ...row, category_tag: tags, is_code: true },
      row,
    ]
    const file = folder.write('tags.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'))
    const boards = JSON.parse((await rank(file, '--category', 'each', '--json')).out) as Record<string, JsonRow[]>
    const votesOf = Object.fromEntries(Object.entries(boards).map(([name, rows]) => [name, rows[0]?.votes]))
    expect(votesOf).toEqual({ coding: 1, 'instruction-following': 1, math: 2, ru: 2 })
    const bars = folder.write(
      'bars.csv',
      'model_a,model_b,winner,categories\nowl,fox,a,math|ru\nowl,fox,a,ru\nowl,fox,a,\n',
    )
    const joined = JSON.parse((await rank(bars, '--category', 'each', '--json')).out) as Record<string, JsonRow[]>
    expect(joined['ru']?.[0]?.votes).toBe(2)
    expect(joined['math']?.[0]?.votes).toBe(1)
  })
})

describe('style', () => {
  const styled = votes.map((vote, v) => ({ ...vote, tokens_a: 50 + ((v * 37) % 90), tokens_b: 50 + ((v * 53) % 90) }))
  const columns = Object.keys(styled[0] ?? {})
  const file = () =>
    folder.write('style.csv', `${columns.join(',')}\n${styled.map((row) => Object.values(row).join(',')).join('\n')}\n`)

  test('puts coefficients and both rankings beside each other', async () => {
    const { out } = await rank(file(), '--style', '--side', '--json')
    const { rows, effects } = JSON.parse(out) as {
      rows: (JsonRow & { rankWithoutStyle: number; ratingWithoutStyle: number })[]
      effects: { name: string; estimate: number; se: number }[]
    }
    expect(effects.map((effect) => effect.name)).toEqual(['side a', 'length'])
    const plain = await rank(csv, '--side', '--json')
    const without = JSON.parse(plain.out) as { rows: JsonRow[]; effects: unknown[] }
    for (const row of rows) {
      const same = without.rows.find((other) => other.model === row.model)
      expect(row.ratingWithoutStyle).toBeCloseTo(same?.rating ?? Number.NaN, 9)
      expect(row.rating).not.toBeCloseTo(row.ratingWithoutStyle, 3)
    }
    const table = await rank(file(), '--style')
    expect(table.out).toContain('without style')
    expect(table.out).toMatch(/length: -?\d\.\d{4} ± \d\.\d{4}/)
  })

  test('is read from conv_metadata as well, whole or summed', async () => {
    const lines = styled.map(({ tokens_a, tokens_b, ...vote }) =>
      JSON.stringify({
        ...vote,
        conv_metadata: {
          sum_assistant_a_tokens: tokens_a,
          sum_assistant_b_tokens: tokens_b,
          header_count_a: { h1: 0, h2: 0 },
          header_count_b: { h1: 0 },
        },
      }),
    )
    const metadata = folder.write('style.jsonl', lines.join('\n'))
    expect((await rank(metadata, '--style', '--json')).out).toBe((await rank(file(), '--style', '--json')).out)
  })

  test('without counts is refused', async () => {
    expect(await rank(csv, '--style')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('votes.csv:1: tokens_a: expected style counts for --style'),
    })
  })
})

describe('methods and scales', () => {
  test.each(['bt', 'davidson', 'rao-kupper', 'elo', 'win-rate'])('%s ranks', async (method) => {
    const rows = await rankedRows(csv, '--method', method)
    expect(rows).toHaveLength(3)
    expect(rows.reduce((sum, row) => sum + row.rating, 0) / 3).toBeCloseTo(1000, 6)
    if (method === 'elo') expect(rows[0]).toMatchObject({ se: null, lower: null, upper: null })
  })

  test.each(['model', 'bootstrap', 'none'])('intervals can be %s', async (interval) => {
    const rows = await rankedRows(csv, '--ci', interval)
    expect(rows[0]?.rating).toBeCloseTo(expected[0]?.rating ?? 0, 9)
    if (interval === 'none') expect(rows[0]?.se).toBeNull()
    else expect(rows[0]?.se).toBeGreaterThan(10)
  })

  test('the bootstrap depends on the seed and on nothing else', async () => {
    const [one, same, other] = await Promise.all(
      ['5', '5', '6'].map((seed) => rank(csv, '--ci', 'bootstrap', '--seed', seed, '--json')),
    )
    expect(one?.out).toBe(same?.out)
    expect(one?.out).not.toBe(other?.out)
  })

  test('an anchor fixes the scale, also one with an equals sign in its name', async () => {
    const named = folder.write('anchor.csv', csvOf(votes).replaceAll('owl', 'owl=2'))
    const rows = await rankedRows(named, '--anchor', 'owl=2=1200')
    expect(rows.find((row) => row.model === 'owl=2')?.rating).toBeCloseTo(1200, 9)
  })
})

describe('bad usage', () => {
  test.each([
    [[], 'expected one FILE'],
    [['one', 'two'], 'expected one FILE'],
    [['x', '--method', 'glicko'], '--method: expected bt, davidson, rao-kupper, elo, win-rate, got "glicko"'],
    [['x', '--ci', 'wald'], '--ci: expected'],
    [['x', '--unknown'], "Unknown option '--unknown'"],
    [['x', '--seed', 'many'], '--seed: expected a whole number'],
    [['x', '--anchor', 'owl'], '--anchor: expected MODEL=RATING'],
    [['x', '--method', 'elo', '--ci', 'sandwich'], '--method elo: expected --ci bootstrap or none'],
    [['x', '--style', '--method', 'davidson'], '--style: expected --method bt'],
    [['x', '--style', '--ci', 'bootstrap'], '--style: expected --ci sandwich'],
    [['x', '--category', 'each', '--category', 'math'], '--category each: expected no other'],
  ])('%j is explained, with exit code 2', async (argv, message) => {
    const { code, out, errors } = await rank(...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(errors).toContain(message)
    expect(errors).toContain('Usage: ringside rank FILE')
  })

  test('what the file cannot give is bad usage too', async () => {
    expect(await rank(csv, '--cluster', 'nobody')).toMatchObject({ code: 2 })
    expect(await rank(csv, '--anchor', 'dog=1000')).toMatchObject({ code: 2 })
    const none = folder.write('plain.csv', 'model_a,model_b,winner\nowl,fox,a\n')
    expect(await rank(none, '--category', 'each')).toMatchObject({ code: 2 })
    const pairs = folder.write('few-pairs.csv', 'model_a,model_b,wins_a,wins_b\nowl,fox,3,1\n')
    for (const argv of [['--style'], ['--category', 'each'], ['--cluster', 'judge'], ['--method', 'elo']]) {
      expect(await rank(pairs, ...argv)).toMatchObject({ code: 2, out: '' })
    }
  })

  test('help is printed when asked for', async () => {
    expect(await rank('--help')).toMatchObject({ code: 0, errors: '', out: expect.stringContaining('--cluster') })
  })
})

test('a file without votes is an empty board', async () => {
  const file = folder.write('header.csv', `${header}\n`)
  expect(await rankedRows(file)).toEqual([])
  expect((await rank(file)).out).toBe('no votes\n')
})

test('models that were never compared are told apart', async () => {
  const file = folder.write('worlds.csv', 'model_a,model_b,winner\na1,a2,a\na2,a1,a\na3,a1,a\nb1,b2,a\nb2,b1,a\n')
  const { out } = await rank(file)
  expect(out).toContain('2 groups of models were never compared with each other')
  expect(out).toContain('won every vote: by a weak prior')
  expect(out).toContain('group 2')
})

test('a long reading shows how far it is on a terminal, and cleans up after itself', async () => {
  const lines = Array.from({ length: 400_000 }, (_, v) => `m${v % 40},n${v % 39},tie`).join('\n')
  const file = folder.write('long.csv', `model_a,model_b,winner\n${lines}\n`)
  let shown = ''
  let time = 0
  const clock = performance.now.bind(performance)
  performance.now = () => (time += 400)
  try {
    const stderr = { isTTY: true, columns: 60, write: (text: string) => (shown += text) }
    expect(await runRank([file], { stdout: { write: () => true }, stderr })).toBe(0)
  } finally {
    performance.now = clock
  }
  expect(shown).toMatch(/█+░* \d+ % [\d,]+ rows/)
  expect(shown.endsWith('\r\u001b[K')).toBe(true)
})
