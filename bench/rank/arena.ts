import { createRandom } from '../../ranking/random.ts'
import type { StyleFeature } from '../../ranking/style-features.ts'
import type { VoteColumns } from '../../ranking/vote-columns.ts'

export const MODELS = 300
export const VOTES = 2_000_000
export const VOTERS = 40_000
export const CATEGORIES = 25

export interface BenchArena {
  readonly votes: VoteColumns
  readonly voter: Int32Array
  /** Three categories a vote. */
  readonly category: Int32Array
  readonly categoryStart: Int32Array
  readonly features: readonly StyleFeature[]
}

const STYLE = [0.45, 0.06, 0.12, 0.09]
const TYPICAL = [500, 6, 12, 15]

/**
 * Two million votes over 300 models as a large public arena has them: popularity by Zipf's law, two votes in five a tie,
 * few voters with many votes and many with few, longer answers liked better. The same votes on every run.
 */
export function makeArena(length = VOTES): BenchArena {
  const random = createRandom(20_261_124)
  const theta = Float64Array.from({ length: MODELS }, () => 0.6 * random.normal())
  const pickModel = popularModel(random)
  const a = new Uint16Array(length)
  const b = new Uint16Array(length)
  const outcome = new Uint8Array(length)
  const voter = new Int32Array(length)
  const category = new Int32Array(3 * length)
  const counts = STYLE.map(() => ({ a: new Int32Array(length), b: new Int32Array(length) }))
  for (let v = 0; v < length; v++) {
    const i = pickModel()
    let j = pickModel()
    while (j === i) j = pickModel()
    a[v] = i
    b[v] = j
    voter[v] = Math.floor(VOTERS * random.uniform() ** 2)
    let eta = (theta[i] ?? 0) - (theta[j] ?? 0) + 0.03
    counts.forEach((column, k) => {
      const x = Math.floor((TYPICAL[k] ?? 1) * 2 * random.uniform() * random.uniform())
      const y = Math.floor((TYPICAL[k] ?? 1) * 2 * random.uniform() * random.uniform())
      column.a[v] = x
      column.b[v] = y
      eta += ((STYLE[k] ?? 0) * (x - y)) / (x + y + 1)
    })
    outcome[v] = drawOutcome(random.uniform(), random.uniform(), eta)
    const first = Math.floor(random.uniform() * CATEGORIES)
    for (let k = 0; k < 3; k++) category[3 * v + k] = (first + 7 * k) % CATEGORIES
  }
  return {
    votes: { models: MODELS, length, a, b, outcome },
    voter,
    category,
    categoryStart: Int32Array.from({ length: length + 1 }, (_, v) => 3 * v),
    features: ['length', 'headers', 'lists', 'bold'].map((name, k) => ({ name, ...(counts[k] ?? { a: [], b: [] }) })),
  }
}

/** Davidson's model with ν = 1.45. */
function drawOutcome(u: number, kind: number, eta: number): number {
  const win = Math.exp(eta / 2)
  const total = win + 1 / win + 1.45
  if (u * total < win) return 0
  if (u * total < win + 1 / win) return 1
  return kind < 0.4 ? 3 : 2
}

function popularModel(random: { uniform(): number }): () => number {
  const cumulated = new Float64Array(MODELS)
  let total = 0
  for (let i = 0; i < MODELS; i++) {
    total += (1 + i) ** -0.9
    cumulated[i] = total
  }
  return () => {
    const u = random.uniform() * total
    let low = 0
    let high = MODELS - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((cumulated[middle] ?? 0) < u) low = middle + 1
      else high = middle
    }
    return low
  }
}
