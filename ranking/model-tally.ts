import type { ModelTotals } from './board.ts'
import { grownFloats } from './growing.ts'

/** Wins, losses, ties and both-bads of each model, counted one vote at a time. */
export class ModelTally implements ModelTotals {
  wins: Float64Array = new Float64Array(16)
  losses: Float64Array = new Float64Array(16)
  ties: Float64Array = new Float64Array(16)
  bothBad: Float64Array = new Float64Array(16)
  /** One more than the largest model seen. */
  models = 0

  /** Counts (sign 1) or uncounts (sign −1) a vote; outcomes are codes. */
  count(a: number, b: number, outcome: number, sign: 1 | -1): void {
    this.#see(Math.max(a, b))
    if (outcome === 0) {
      bump(this.wins, a, sign)
      bump(this.losses, b, sign)
    } else if (outcome === 1) {
      bump(this.losses, a, sign)
      bump(this.wins, b, sign)
    } else {
      const kind = outcome === 2 ? this.ties : this.bothBad
      bump(kind, a, sign)
      bump(kind, b, sign)
    }
  }

  #see(model: number): void {
    if (model < this.models) return
    this.models = model + 1
    this.wins = grownFloats(this.wins, this.models)
    this.losses = grownFloats(this.losses, this.models)
    this.ties = grownFloats(this.ties, this.models)
    this.bothBad = grownFloats(this.bothBad, this.models)
  }
}

function bump(column: Float64Array, model: number, sign: number): void {
  column[model] = (column[model] ?? 0) + sign
}
