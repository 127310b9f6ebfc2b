import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fitBoard, withSandwich } from '../ranking/board-fit.ts'
import { createLiveBoard } from '../ranking/live-board.ts'
import { movement } from '../ranking/movement.ts'
import { OUTCOME_CODES, type Outcome } from '../ranking/outcome.ts'
import { createRandom } from '../ranking/random.ts'
import { rankWithStyle } from '../ranking/rank-style.ts'
import { rankBoards, rankVotes } from '../ranking/rank-votes.ts'
import { standardisedDifferences } from '../ranking/style-features.ts'
import { sortByRow } from '../ranking/style-votes.ts'
import { tallyVotes } from '../ranking/vote-tally.ts'
import { CATEGORIES, makeArena, MODELS, VOTERS, VOTES, type BenchArena } from './rank/arena.ts'
import { minimise, styleColumns, voteLoss } from './rank/baseline.ts'
import { writeFiles } from './rank/files.ts'
import { median, printFigures, type Figure } from './rank/table.ts'

/**
 * From two million votes over 300 models to leaderboards, beside the usual way on the same votes in the same run: a
 * logistic regression with one row per vote by L-BFGS, and a bootstrap of votes. Fits end at max |gradient| ≤ 1e-9 × votes
 * here and at 1e-6 there.
 *
 * npm run bench -- rank [--quick]
 */
const isQuick = process.argv.includes('--quick')
const RUNS = isQuick ? 3 : 9

const arena = makeArena(isQuick ? VOTES / 10 : VOTES)
const { votes } = arena
const clusters = { name: 'voter', of: arena.voter }
console.log(
  `${votes.length.toLocaleString('en-US')} votes, ${MODELS} models, ${VOTERS.toLocaleString('en-US')} voters; node ${process.version}, medians of ${RUNS}\n`,
)

const baseline = measureBaseline()
printFigures([...boards(), ...live(), ...(await files())])
console.log(
  `\nThe usual way: ${baseline.iterations} iterations to a gradient of ${baseline.gradient.toExponential(1)} for the fit.`,
)

function measureBaseline() {
  const { ms, result } = median(1, () => minimise(voteLoss(arena), new Float64Array(MODELS)))
  const random = createRandom(7)
  const sample = Int32Array.from(votes.a, () => Math.floor(random.uniform() * votes.length))
  const replicate = median(1, () => minimise(voteLoss(arena, sample), result.parameters))
  const z = styleColumns(arena)
  const style = median(1, () => minimise(voteLoss(arena, undefined, z), new Float64Array(MODELS + z.length)))
  return { fit: ms, replicate: replicate.ms, style: style.ms, iterations: result.iterations, gradient: result.gradient }
}

function boards(): Figure[] {
  const tally = tallyVotes(votes, false)
  const cold = median(RUNS, () => fitBoard(tally.table, { method: 'bt', side: false }))
  const fitted = withSandwich(cold.result, tally.table, undefined)
  const more = tallyVotes(withMoreVotes(arena), false)
  const warm = () => fitBoard(more.table, { method: 'bt', side: false, previous: fitted })
  const bootstrap = () => rankVotes(votes, { interval: 'bootstrap', rounds: 1000 })
  const style = () => rankWithStyle(votes, { features: arena.features })
  const prepare = () => {
    const features = standardisedDifferences(arena.features, votes.length, () => true)
    return sortByRow(votes, tally, { features })
  }
  const cuts = () => rankBoards(votes, { boards: CATEGORIES, start: arena.categoryStart, board: arena.category })
  const extrapolated = { ms: 1000 * baseline.replicate, note: ' (1 round × 1000)' }
  return [
    {
      name: 'ids → ratings, sandwich intervals, ranks',
      ms: median(RUNS, () => rankVotes(votes)).ms,
      target: [60, 25],
      baseline: { ms: baseline.fit, note: ' (no intervals)' },
    },
    { name: '  of that: counting', ms: median(RUNS, () => tallyVotes(votes, false)).ms },
    { name: '  of that: fit from counts, cold', ms: cold.ms, baseline: { ms: baseline.fit } },
    {
      name: '  of that: sandwich covariance',
      ms: median(RUNS, () => withSandwich(cold.result, tally.table, undefined)).ms,
    },
    { name: 'the same, clustered by voter', ms: median(RUNS, () => rankVotes(votes, { clusters })).ms },
    { name: 'fit from counts, warm, 0.1 % more votes', ms: median(5 * RUNS, warm).ms, target: [5, 3] },
    { name: '1,000 bootstrap rounds', ms: median(1, bootstrap).ms, target: [2500, 1000], baseline: extrapolated },
    {
      name: 'style control, 4 features',
      ms: median(3, style).ms,
      target: [400, 150],
      baseline: { ms: baseline.style },
    },
    { name: '  of that: features and the order of votes, made once', ms: median(3, prepare).ms },
    { name: `${CATEGORIES} categories, each vote in 3`, ms: median(3, cuts).ms },
  ]
}

/** A thousandth of the votes again at the end: what arrives between two refits. */
function withMoreVotes({ votes: all }: BenchArena) {
  const extra = Math.floor(all.length / 1000)
  const longer = <T extends Uint16Array | Uint8Array>(column: T, empty: T): T => {
    empty.set(column)
    empty.set(column.subarray(0, extra), all.length)
    return empty
  }
  const length = all.length + extra
  return {
    ...all,
    length,
    a: longer(all.a as Uint16Array, new Uint16Array(length)),
    b: longer(all.b as Uint16Array, new Uint16Array(length)),
    outcome: longer(all.outcome, new Uint8Array(length)),
  }
}

function live(): Figure[] {
  const outcomes = Object.keys(OUTCOME_CODES) as Outcome[]
  const board = createLiveBoard()
  for (let v = 0; v < votes.length / 10; v++) {
    board.add({
      a: votes.a[v] ?? 0,
      b: votes.b[v] ?? 0,
      outcome: outcomes[votes.outcome[v] ?? 0] ?? 'tie',
      voter: arena.voter[v] ?? 0,
    })
  }
  board.refit()
  const basis = board.movementBasis()
  const EACH = 20_000
  let moved = 0
  let next = 0
  const oneVote = median(RUNS, () => {
    for (let k = 0; k < EACH; k++, next++) {
      const [a, b] = [votes.a[next] ?? 0, votes.b[next] ?? 0]
      const outcome = outcomes[votes.outcome[next] ?? 0] ?? 'tie'
      board.add({ a, b, outcome, voter: arena.voter[next] ?? 0 })
      moved += movement(basis, a, b, outcome).a
    }
    return moved
  })
  const refit = median(RUNS, () => {
    board.add({ a: 0, b: 1, outcome: 'a', voter: 0 })
    return board.refit()
  })
  return [
    { name: 'one live vote in, ratings of both moved', ms: oneVote.ms / EACH, target: [0.01, 0.002] },
    { name: '  and the whole board again, by voter (200,000 votes)', ms: refit.ms },
  ]
}

async function files(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-bench-rank-'))
  const built = new URL('../dist/server/rank-file/rank-command.js', import.meta.url)
  if (!existsSync(built)) {
    console.log('(not built: reading files is not measured)')
    return []
  }
  try {
    const { csv, jsonl, parquet } = await writeFiles(arena, folder)
    return [
      wholeProcess('CSV, 13 columns → printed board, whole process', built.href, [csv], [1200, 1200]),
      wholeProcess('  with votes counting one by one', built.href, [csv, '--cluster', 'none']),
      wholeProcess('JSONL → printed board, whole process', built.href, [jsonl]),
      wholeProcess('Parquet → printed board, whole process', built.href, [parquet]),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A fresh process from its start to its end, with its peak memory. */
function wholeProcess(name: string, command: string, argv: string[], target?: readonly [number, number]): Figure {
  const script = `import { readFileSync } from 'node:fs'
import { runRank } from ${JSON.stringify(command)}
process.exitCode = await runRank(${JSON.stringify(argv)}, process)
console.error(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? process.resourceUsage().maxRSS)`
  let peak = 0
  const { ms } = median(Math.min(RUNS, 5), () => {
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    peak = Math.max(peak, Number(stderr.trim().split('\n').at(-1)) / 1024)
  })
  return { name: `${name}, peak ${Math.round(peak)} MB`, ms, ...(target ? { target } : {}) }
}
