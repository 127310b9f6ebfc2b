/** Something in the file is not what it should be. The text is a fixed part of the interface: scripts read it. */
export class BadLineError extends Error {
  override readonly name = 'BadLineError'
  /** Line of a text file from 1, number of the record in arrays and Parquet; undefined for the whole file. */
  readonly line: number | undefined
  readonly field: string

  constructor(line: number | undefined, field: string, message: string) {
    super(message)
    this.line = line
    this.field = field
  }

  /** `FILE:LINE: FIELD: expected …, got …` */
  describe(file: string): string {
    return (
      [file, ...(this.line === undefined ? [] : [String(this.line)])].join(':') + `: ${this.field}: ${this.message}`
    )
  }
}

/** The command line asks for something that is not there. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
