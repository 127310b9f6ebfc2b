import { normalCdf } from './normal.ts'
import { scoreOf } from './outcome.ts'
import { WITHDRAWN, type VoteColumns } from './vote-columns.ts'

/** What is known before the votes under test: never their own fit, which would learn their pattern. */
export interface VoterReference {
  /** θ in logits by model, of an earlier fit. */
  readonly theta: Float64Array
  /** Share of ties among its votes. */
  readonly tieShare: number
}

/** One voter against the reference. Each z is standard normal for a voter who judges like the others. */
export interface VoterScreen {
  readonly voter: number
  readonly votes: number
  /** Agreement with the strengths: strongly negative for votes that ignore them. */
  readonly slope: number
  /** Preference for side a (above 0) or b. */
  readonly side: number
  /** The model that gains or loses most from this voter, and its z. */
  readonly promotion: { readonly model: number; readonly z: number }
  /** Smallest of the three tail probabilities, allowing for three tests and for every model met. */
  readonly p: number
  /** p, allowing for all voters under test (Bonferroni), is below `alpha`. */
  readonly isSuspicious: boolean
}

/**
 * Tests every voter for three patterns by score tests on r = y − p, whose variance is v = (1 − ties) p (1 − p):
 * random voting, slope = Σ r d / √Σ v d² (one-sided); a favoured side, Σ r / √Σ v; a favoured model k,
 * max_k |Σ ± r| / √Σ v over the battles of k. They replace Fisher's combination of arXiv 2403.04132 §5.1, which with
 * ties finds none of these. A coalition large enough to move the reference hides in it: take an earlier one.
 * Voters with fewer than `minimumVotes` are left out; negative voters are nobody. Casts: indices are in range.
 */
export function screenVoters(
  votes: VoteColumns,
  voter: Int32Array,
  reference: VoterReference,
  { alpha = 0.01, minimumVotes = 20 }: { alpha?: number; minimumVotes?: number } = {},
): VoterScreen[] {
  const tallies = new Map<number, VoterTally>()
  for (let v = 0; v < votes.length; v++) {
    const who = voter[v] as number
    const code = votes.outcome[v] as number
    if (who < 0 || code === WITHDRAWN) continue
    const tally = tallies.get(who) ?? new VoterTally()
    tallies.set(who, tally)
    tally.add(votes.a[v] as number, votes.b[v] as number, scoreOf(code), reference)
  }
  const tested = [...tallies].filter(([, tally]) => tally.votes >= minimumVotes)
  return tested.map(([who, tally]) => {
    const screen = tally.screen()
    return { voter: who, ...screen, isSuspicious: screen.p * tested.length < alpha }
  })
}

class VoterTally {
  votes = 0
  #slope = 0
  #slopeVariance = 0
  #side = 0
  #variance = 0
  readonly #byModel = new Map<number, { sum: number; variance: number }>()

  add(a: number, b: number, score: number, { theta, tieShare }: VoterReference): void {
    const d = (theta[a] ?? 0) - (theta[b] ?? 0)
    const p = 1 / (1 + Math.exp(-d))
    const residual = score - p
    const variance = (1 - tieShare) * p * (1 - p)
    this.votes++
    this.#slope += residual * d
    this.#slopeVariance += variance * d * d
    this.#side += residual
    this.#variance += variance
    this.#addModel(a, residual, variance)
    this.#addModel(b, -residual, variance)
  }

  screen(): Omit<VoterScreen, 'voter' | 'isSuspicious'> {
    const slope = standardised(this.#slope, this.#slopeVariance)
    const side = standardised(this.#side, this.#variance)
    const promotion = this.#promotion()
    const p = 3 * Math.min(normalCdf(slope), twoSided(side), Math.min(1, twoSided(promotion.z) * this.#byModel.size))
    return { votes: this.votes, slope, side, promotion, p: Math.min(1, p) }
  }

  #addModel(model: number, sum: number, variance: number): void {
    const known = this.#byModel.get(model) ?? { sum: 0, variance: 0 }
    known.sum += sum
    known.variance += variance
    this.#byModel.set(model, known)
  }

  #promotion(): { model: number; z: number } {
    let best = { model: -1, z: 0 }
    for (const [model, { sum, variance }] of this.#byModel) {
      const z = standardised(sum, variance)
      if (Math.abs(z) > Math.abs(best.z)) best = { model, z }
    }
    return best
  }
}

function standardised(sum: number, variance: number): number {
  return variance > 0 ? sum / Math.sqrt(variance) : 0
}

function twoSided(z: number): number {
  return 2 * normalCdf(-Math.abs(z))
}
