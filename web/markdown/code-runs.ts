import type { Emitter } from 'highlight.js'

/** A stretch of code in one colour: key word, string, number or comment. */
export interface CodeRun {
  readonly start: number
  readonly end: number
  readonly colour: CodeColour
}
export type CodeColour = 'k' | 's' | 'm' | 'c'

const COLOURS: Readonly<Record<string, CodeColour>> = {
  keyword: 'k',
  literal: 'k',
  type: 'k',
  built_in: 'k',
  name: 'k',
  tag: 'k',
  'selector-tag': 'k',
  section: 'k',
  attr: 'k',
  string: 's',
  regexp: 's',
  char: 's',
  addition: 's',
  link: 's',
  code: 's',
  number: 'm',
  symbol: 'm',
  bullet: 'm',
  deletion: 'm',
  'variable.constant': 'm',
  comment: 'c',
  quote: 'c',
  doctag: 'c',
  meta: 'c',
}

/** Collects runs in place of the HTML that highlight.js would write. */
export class RunEmitter implements Emitter {
  readonly runs: CodeRun[] = []
  private readonly scopes: (CodeColour | null)[] = []
  private offset = 0

  startScope(name: string): void {
    // `subst` is code inside a string; scopes without a colour of their own keep that of what they stand in.
    const own = name === 'subst' ? null : (COLOURS[name] ?? COLOURS[name.split('.')[0] ?? ''])
    this.scopes.push(own === undefined ? (this.scopes.at(-1) ?? null) : own)
  }

  endScope(): void {
    this.scopes.pop()
  }

  // highlight.js calls scopes by both pairs of names.
  openNode(name: string): void {
    this.startScope(name)
  }

  closeNode(): void {
    this.endScope()
  }

  addText(text: string): void {
    const colour = this.scopes.at(-1) ?? null
    const start = this.offset
    this.offset += text.length
    const last = this.runs.at(-1)
    if (colour === null || text === '') return
    if (last?.end === start && last.colour === colour) this.runs[this.runs.length - 1] = { ...last, end: this.offset }
    else this.runs.push({ start, end: this.offset, colour })
  }

  __addSublanguage(emitter: Emitter): void {
    if (!(emitter instanceof RunEmitter)) return
    const base = this.offset
    for (const run of emitter.runs) this.runs.push({ ...run, start: base + run.start, end: base + run.end })
    this.offset += emitter.offset
  }

  finalize(): void {}

  toHTML(): string {
    return ''
  }
}
