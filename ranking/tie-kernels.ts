/** One row of a ties model: probabilities of the outcomes, first and second derivatives of the log-likelihood. */
export interface TieTerms {
  /** ∂ log P / ∂d for a win, loss, tie of the first model; d = θ_first − θ_second + γ. */
  win: number
  loss: number
  tie: number
  /** ∂ log P / ∂h, h the tie parameter. */
  winTie: number
  lossTie: number
  tieTie: number
  /** −∂² log L by (d, d), (d, h), (h, h) for this row's votes. */
  dd: number
  dh: number
  hh: number
}

/** A ties model: its terms at (d, h) for w wins, l losses and t ties, written into `out`. */
export interface TieKernel {
  readonly terms: (d: number, h: number, votes: { w: number; l: number; t: number }, out: TieTerms) => void
  /** log P of a win, loss and tie. */
  readonly logProbabilities: (d: number, h: number) => readonly [number, number, number]
  /** What people call the tie parameter, as a function of h, and its derivative. */
  readonly shown: (h: number) => { name: string; value: number; slope: number }
  readonly start: (tieShare: number) => number
  /** h must stay above this. */
  readonly lowest: number
}

/**
 * Davidson (1970): P(win) : P(loss) : P(tie) = e^{d/2} : e^{−d/2} : ν, h = log ν. An exponential family, so the second
 * derivatives do not depend on the outcomes.
 */
export const DAVIDSON: TieKernel = {
  terms(d, h, { w, l, t }, out) {
    const [win, loss, tie] = davidsonProbabilities(d, h)
    const lead = (win - loss) / 2
    out.win = 0.5 - lead
    out.loss = -0.5 - lead
    out.tie = -lead
    out.winTie = -tie
    out.lossTie = -tie
    out.tieTie = 1 - tie
    const n = w + l + t
    out.dd = n * ((win + loss) / 4 - lead * lead)
    out.dh = -n * lead * tie
    out.hh = n * tie * (1 - tie)
  },
  logProbabilities(d, h) {
    const total = logSum(d / 2, -d / 2, h)
    return [d / 2 - total, -d / 2 - total, h - total]
  },
  shown: (h) => ({ name: 'tie ν', value: Math.exp(h), slope: Math.exp(h) }),
  start: (tieShare) => Math.log((2 * tieShare) / (1 - tieShare)),
  lowest: Number.NEGATIVE_INFINITY,
}

/**
 * Rao & Kupper (1967): P(win) = σ(d − h), P(loss) = σ(−d − h), a tie otherwise, h = log η > 0. As
 * P(tie) = σ(d − h) σ(−d − h) (e^{2h} − 1), the likelihood is two logistic regressions and a term in h: concave.
 */
export const RAO_KUPPER: TieKernel = {
  terms(d, h, { w, l, t }, out) {
    const win = sigmoid(d - h)
    const loss = sigmoid(-d - h)
    const wide = Math.expm1(2 * h)
    out.win = 1 - win
    out.loss = loss - 1
    out.tie = loss - win
    out.winTie = win - 1
    out.lossTie = loss - 1
    out.tieTie = win + loss - 2 + (2 * (wide + 1)) / wide
    const first = (w + t) * win * (1 - win)
    const second = (l + t) * loss * (1 - loss)
    out.dd = first + second
    out.dh = second - first
    out.hh = first + second + (t * 4 * (wide + 1)) / (wide * wide)
  },
  logProbabilities(d, h) {
    const win = -softplus(h - d)
    const loss = -softplus(h + d)
    return [win, loss, win + loss + Math.log(Math.expm1(2 * h))]
  },
  shown: (h) => ({ name: 'tie η', value: Math.exp(h), slope: Math.exp(h) }),
  start: (tieShare) => Math.log((1 + tieShare) / (1 - tieShare)),
  lowest: 0,
}

function davidsonProbabilities(d: number, h: number): readonly [number, number, number] {
  const most = Math.max(Math.abs(d) / 2, h)
  const win = Math.exp(d / 2 - most)
  const loss = Math.exp(-d / 2 - most)
  const tie = Math.exp(h - most)
  const total = win + loss + tie
  return [win / total, loss / total, tie / total]
}

function logSum(x: number, y: number, z: number): number {
  const most = Math.max(x, y, z)
  return most + Math.log(Math.exp(x - most) + Math.exp(y - most) + Math.exp(z - most))
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))
}
