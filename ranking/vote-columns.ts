/** Whole numbers by position: a typed array wide enough for the indices in it. */
export type IndexColumn = Uint8Array | Uint16Array | Uint32Array | Int32Array

/** Votes as aligned columns, in the order of the log. Models are 0 … models − 1. */
export interface VoteColumns {
  readonly models: number
  readonly length: number
  readonly a: IndexColumn
  readonly b: IndexColumn
  /** 0: a better, 1: b better, 2: tie, 3: both bad; {@link WITHDRAWN}: not to be counted. */
  readonly outcome: Uint8Array
  /** Weight of each vote, 0 or more; all 1 when left out. */
  readonly weight?: Float64Array | undefined
}

/** An outcome that stands for no vote. */
export const WITHDRAWN = 255
