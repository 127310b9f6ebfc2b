import type { Outcome } from '../../../ranking/outcome.ts'
import { createRandom, type Random } from '../../../ranking/random.ts'
import type { VoteColumns } from '../../../ranking/vote-columns.ts'

export interface ArenaSpec {
  models: number
  votes: number
  seed: number
  /** Standard deviation of true strengths, logits. */
  spread?: number
  /** Chance of a tie between equals. */
  ties?: number
  voters?: number
  /** Standard deviation of each voter's own liking for each model, logits: what makes votes of one voter alike. */
  taste?: number
  /** Advantage of side a, logits. */
  side?: number
}

export interface SimulatedArena {
  votes: VoteColumns
  voter: Int32Array
  /** True strengths with mean 0. */
  theta: Float64Array
}

/**
 * Votes with a known truth. Ties take an even share of every outcome around the Bradley–Terry odds, so that the expected
 * half-win score of a pair is exactly σ(θ_a − θ_b) and Bradley–Terry with half wins estimates θ itself.
 */
export function simulateArena(spec: ArenaSpec): SimulatedArena {
  const { models, votes, seed, spread = 0.8, ties = 0.3, voters = 50, taste = 0, side = 0 } = spec
  const random = createRandom(seed)
  const theta = centred(Float64Array.from({ length: models }, () => spread * random.normal()))
  const likings = Float64Array.from({ length: taste > 0 ? models * voters : 0 }, () => taste * random.normal())
  const a = new Uint16Array(votes)
  const b = new Uint16Array(votes)
  const outcome = new Uint8Array(votes)
  const voter = new Int32Array(votes)
  for (let v = 0; v < votes; v++) {
    const who = pick(random, voters)
    const i = pick(random, models)
    const j = (i + 1 + pick(random, models - 1)) % models
    const liking = taste > 0 ? (likings[who * models + i] ?? 0) - (likings[who * models + j] ?? 0) : 0
    const p = 1 / (1 + Math.exp(-((theta[i] ?? 0) - (theta[j] ?? 0) + liking + side)))
    a[v] = i
    b[v] = j
    voter[v] = who
    outcome[v] = drawOutcome(random, p, ties)
  }
  return { votes: { models, length: votes, a, b, outcome }, voter, theta }
}

/** 0, 1, 2 or 3 with expected score p. */
export function drawOutcome(random: Random, p: number, ties: number): number {
  const tie = 2 * ties * Math.min(p, 1 - p)
  const u = random.uniform()
  if (u < tie) return random.uniform() < 0.7 ? 2 : 3
  return u - tie < p - tie / 2 ? 0 : 1
}

export function pick(random: Random, count: number): number {
  return Math.floor(random.uniform() * count)
}

export function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => value - mean)
}

const OUTCOMES: readonly Outcome[] = ['a', 'b', 'tie', 'both_bad']

/** Votes one by one, as a live board takes them. */
export function asLiveVotes({ votes, voter }: Pick<SimulatedArena, 'votes' | 'voter'>) {
  return Array.from({ length: votes.length }, (_, v) => ({
    a: votes.a[v] ?? 0,
    b: votes.b[v] ?? 0,
    outcome: OUTCOMES[votes.outcome[v] ?? 0] ?? 'tie',
    voter: voter[v] ?? 0,
  }))
}

/** Votes written out: `columns('0>1 2=1 0!2')` is 0 beats 1, a tie of 2 and 1, 0 and 2 both bad. `×n` repeats. */
export function votesOf(text: string): VoteColumns {
  const parsed = text.split(/\s+/).flatMap((word) => {
    const [, a, sign, b, times = '1'] = /^(\d+)([><=!])(\d+)(?:×(\d+))?$/.exec(word) ?? []
    if (a === undefined || b === undefined) throw new Error(`not a vote: ${word}`)
    const code = sign === '>' ? 0 : sign === '<' ? 1 : sign === '=' ? 2 : 3
    return Array.from({ length: Number(times) }, () => ({ a: Number(a), b: Number(b), code }))
  })
  return {
    models: parsed.reduce((most, { a, b }) => Math.max(most, a + 1, b + 1), 0),
    length: parsed.length,
    a: Uint16Array.from(parsed, (vote) => vote.a),
    b: Uint16Array.from(parsed, (vote) => vote.b),
    outcome: Uint8Array.from(parsed, (vote) => vote.code),
  }
}
