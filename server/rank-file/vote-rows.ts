import { BadLineError } from './bad-line.ts'
import { categoriesOf } from './category-values.ts'
import { NameTable } from './name-table.ts'
import { shown } from './printable-text.ts'
import type { RowCells } from './row-cells.ts'
import type { RowPlan, Wanted } from './row-plan.ts'
import { readStyle, STYLE_COUNTS } from './style-counts.ts'
import { outcomeOfWord } from './winner-words.ts'

/** A winner that is no known word: perhaps a name. */
const NOT_A_WORD = -1
const NOT_SEEN = -2

/** A column of numbers that grows. Casts: positions are below the length. */
class Growing {
  array: Float64Array
  length = 0

  constructor() {
    this.array = new Float64Array(1024)
  }

  push(value: number): void {
    if (this.length === this.array.length) {
      const longer = new Float64Array(2 * this.length)
      longer.set(this.array)
      this.array = longer
    }
    this.array[this.length++] = value
  }

  view(): Float64Array {
    return this.array.subarray(0, this.length)
  }
}

/** Votes, or counts of pairs, as columns; filled row by row. Names are numbered in order of first sight. */
export class VoteRows {
  readonly models = new NameTable()
  readonly clusters = new NameTable()
  readonly categories = new NameTable()
  length = 0
  layout: 'arena' | 'pairs' = 'arena'
  a = new Int32Array(1024)
  b = new Int32Array(1024)
  outcome = new Uint8Array(1024)
  /** -1 for rows that name none. */
  cluster = new Int32Array(1024)
  /** Did any row have the column that votes are clustered by, or one of categories? */
  hasClusters = false
  hasCategories = false
  /** Filled from the first row whose weight is not 1. */
  weight: Float64Array | undefined
  /** Of row r: categoryStart[r] … categoryStart[r + 1] − 1. */
  readonly #categoryStart = new Growing()
  readonly #category = new Growing()
  /** Style counts of side a and b, in the order of STYLE_COUNTS. */
  readonly style = STYLE_COUNTS.map(() => new Growing())
  readonly counts = [new Growing(), new Growing(), new Growing(), new Growing()]
  #winnerCodes = new Int8Array(64).fill(NOT_SEEN)
  readonly #winners = new NameTable()
  readonly #wanted: Pick<Wanted, 'categories' | 'style'>

  constructor(wanted: Pick<Wanted, 'categories' | 'style'>) {
    this.#wanted = wanted
  }

  get categoryStart(): Int32Array {
    return Int32Array.from([...this.#categoryStart.view(), this.#category.length])
  }

  get category(): Int32Array {
    return Int32Array.from(this.#category.view())
  }

  /** Takes one row in, or throws a {@link BadLineError} that says what is wrong with it. */
  add(row: RowCells, plan: RowPlan): void {
    const { columns } = plan
    this.layout = plan.layout
    if (plan.cluster >= 0) this.hasClusters = true
    if (columns.category >= 0) this.hasCategories = true
    const a = this.#model(row, 'model_a', columns.model_a)
    const b = this.#model(row, 'model_b', columns.model_b)
    if (a === b) {
      const message = `expected another model than model_a, got ${shown(this.models.nameOf(b))} again`
      throw new BadLineError(row.line, 'model_b', message)
    }
    if (plan.layout === 'pairs') this.#addCounts(row, plan)
    else if (!this.#addVote(row, plan, a, b)) return
    const at = this.length
    if (at === this.a.length) this.#widen()
    this.a[at] = a
    this.b[at] = b
    this.length = at + 1
  }

  #model(row: RowCells, field: string, column: number): number {
    if (row.isNull(column)) throw new BadLineError(row.line, field, 'expected a name, got nothing')
    return row.nameIn(this.models, column)
  }

  /** False for a vote that the file itself leaves out. */
  #addVote(row: RowCells, plan: RowPlan, a: number, b: number): boolean {
    const { columns } = plan
    const outcome = columns.winner >= 0 ? this.#winner(row, columns.winner, a, b) : oneHot(row, plan)
    const weight = columns.weight < 0 ? 1 : numberIn(row, 'weight', columns.weight, 1)
    if (columns.counted >= 0 && !truthIn(row, columns.counted)) return false
    const at = this.length
    if (at === this.a.length) this.#widen()
    this.outcome[at] = outcome
    if (plan.cluster >= 0) {
      this.cluster[at] = row.isNull(plan.cluster) ? -1 : row.nameIn(this.clusters, plan.cluster)
    }
    this.#keepWeight(at, weight)
    if (this.#wanted.categories) this.#keepCategories(row, plan)
    if (this.#wanted.style) readStyle(row, plan).forEach((count, k) => this.style[k]?.push(count))
    return true
  }

  #winner(row: RowCells, column: number, a: number, b: number): number {
    if (row.isNull(column)) throw new BadLineError(row.line, 'winner', `${WINNERS}, got nothing`)
    const word = row.nameIn(this.#winners, column)
    if (word >= this.#winnerCodes.length) {
      const longer = new Int8Array(2 * this.#winnerCodes.length + word).fill(NOT_SEEN)
      longer.set(this.#winnerCodes)
      this.#winnerCodes = longer
    }
    let code = this.#winnerCodes[word] as number
    if (code === NOT_SEEN) {
      code = outcomeOfWord(row.textOf(column)) ?? NOT_A_WORD
      this.#winnerCodes[word] = code
    }
    if (code !== NOT_A_WORD) return code
    const text = row.textOf(column)
    if (text === this.models.nameOf(a)) return 0
    if (text === this.models.nameOf(b)) return 1
    throw new BadLineError(row.line, 'winner', `${WINNERS}, got ${shown(text)}`)
  }

  #keepWeight(at: number, weight: number): void {
    if (weight === 1 && !this.weight) return
    this.weight ??= new Float64Array(this.a.length).fill(1, 0, at)
    this.weight[at] = weight
  }

  #keepCategories(row: RowCells, { columns }: RowPlan): void {
    this.#categoryStart.push(this.#category.length)
    if (columns.category < 0) return
    for (const name of categoriesOf(row, columns)) this.#category.push(this.categories.addText(name))
  }

  #addCounts(row: RowCells, { columns }: RowPlan): void {
    const fields = ['wins_a', 'wins_b', 'ties', 'ties_both_bad'] as const
    fields.forEach((field, k) => {
      const column = columns[field]
      this.counts[k]?.push(column < 0 ? 0 : numberIn(row, field, column, k < 2 ? undefined : 0))
    })
  }

  #widen(): void {
    const size = 2 * this.a.length
    const longer = (array: Int32Array) => {
      const copy = new Int32Array(size)
      copy.set(array)
      return copy
    }
    this.a = longer(this.a)
    this.b = longer(this.b)
    this.cluster = longer(this.cluster)
    const outcome = new Uint8Array(size)
    outcome.set(this.outcome)
    this.outcome = outcome
    if (!this.weight) return
    const weight = new Float64Array(size)
    weight.set(this.weight)
    this.weight = weight
  }
}

const WINNERS = 'expected model_a, model_b, tie, both_bad or the name of one of the models'

function oneHot(row: RowCells, { columns }: RowPlan): number {
  const flags = [columns.winner_model_a, columns.winner_model_b, columns.winner_tie].map(
    (column) => column >= 0 && !row.isNull(column) && truthIn(row, column, 'winner_model_a'),
  )
  if (flags.filter(Boolean).length === 1) return flags.indexOf(true)
  throw new BadLineError(
    row.line,
    'winner_model_a',
    'expected exactly one of winner_model_a, winner_model_b and winner_tie to be 1, got another number of them',
  )
}

/** A number, 0 or more. `missing` stands for nothing; without it nothing is refused. */
function numberIn(row: RowCells, field: string, column: number, missing: number | undefined): number {
  if (row.isNull(column)) {
    if (missing !== undefined) return missing
    throw new BadLineError(row.line, field, 'expected a number, got nothing')
  }
  const value = row.numberOf(column)
  if (value >= 0 && value < Number.POSITIVE_INFINITY) return value
  throw new BadLineError(row.line, field, `expected a number of 0 or more, got ${shown(row.valueOf(column))}`)
}

const TRUE_WORDS = new Set(['true', '1', 'True', '1.0'])
const FALSE_WORDS = new Set(['false', '0', 'False', '0.0'])

function truthIn(row: RowCells, column: number, field = 'counted'): boolean {
  if (row.isNull(column)) throw new BadLineError(row.line, field, 'expected true or false, got nothing')
  const text = row.textOf(column)
  if (TRUE_WORDS.has(text)) return true
  if (FALSE_WORDS.has(text)) return false
  throw new BadLineError(row.line, field, `expected true or false, got ${shown(row.valueOf(column))}`)
}
