/**
 * Votes summed by pair of models: all that Bradley–Terry and its relatives need. Row r says how `first[r]` fared
 * against `second[r]`. In a folded table each pair has one row; in an oriented one `first` stood on side a.
 */
export interface PairTable {
  /** Models are the integers 0 … models − 1; not all of them need to occur. */
  readonly models: number
  readonly rows: number
  readonly first: Int32Array
  readonly second: Int32Array
  /** Sums of vote weights; `tie` holds ties of both kinds. */
  readonly win: Float64Array
  readonly loss: Float64Array
  readonly tie: Float64Array
  /** Sums of squared weights, for the sandwich; the very same arrays while every vote weighs 1. */
  readonly winSquares: Float64Array
  readonly lossSquares: Float64Array
  readonly tieSquares: Float64Array
}

/** A table whose votes all weigh 1. Arrays may be longer than `rows`. */
export function unweighted(
  table: Pick<PairTable, 'models' | 'rows' | 'first' | 'second' | 'win' | 'loss' | 'tie'>,
): PairTable {
  return { ...table, winSquares: table.win, lossSquares: table.loss, tieSquares: table.tie }
}

/** Some rows of a table, in the order given. Weights and squares stay one array where they were one. */
export function takeRows(table: PairTable, rows: Int32Array): PairTable {
  const pick = (column: Float64Array) => Float64Array.from(rows, (r) => column[r] ?? 0)
  const part = unweighted({
    models: table.models,
    rows: rows.length,
    first: rows.map((r) => table.first[r] ?? 0),
    second: rows.map((r) => table.second[r] ?? 0),
    win: pick(table.win),
    loss: pick(table.loss),
    tie: pick(table.tie),
  })
  if (table.winSquares === table.win) return part
  return {
    ...part,
    winSquares: pick(table.winSquares),
    lossSquares: pick(table.lossSquares),
    tieSquares: pick(table.tieSquares),
  }
}

/** Weight of the votes of each model. */
export function votesByModel({ models, rows, first, second, win, loss, tie }: PairTable): Float64Array {
  const votes = new Float64Array(models)
  for (let r = 0; r < rows; r++) {
    const i = first[r] ?? 0
    const j = second[r] ?? 0
    const n = (win[r] ?? 0) + (loss[r] ?? 0) + (tie[r] ?? 0)
    votes[i] = (votes[i] ?? 0) + n
    votes[j] = (votes[j] ?? 0) + n
  }
  return votes
}
