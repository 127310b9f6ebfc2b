/** Why something in a file could not be read. The words are part of the fixed interface: scripts read them. */
export const READ_FAULT_REASONS = [
  'bad_json',
  'bad_encoding',
  'truncated',
  'line_too_long',
  'duplicate_key',
  'bad_value',
  'missing_field',
] as const
export type ReadFaultReason = (typeof READ_FAULT_REASONS)[number]

/** One record that cannot be read; the ones after it can. */
export interface ReadFault {
  readonly reason: ReadFaultReason
  /** A column, or `record` when it is the whole of it. */
  readonly field: string
  /** `expected …, got …` */
  readonly message: string
}

/** A file that cannot be read at all, or not any further, with where and why. */
export class BrokenFileError extends Error {
  override readonly name = 'BrokenFileError'
}

/** A packed file ends too early. What was unpacked before is good. */
export class CutOffError extends Error {
  override readonly name = 'CutOffError'
}
