import { PassThrough, Writable } from 'node:stream'
import { runExport } from '../../../server/exports/run-export.ts'
import type { ExportSource } from '../../../db/export-source.ts'
import { AT } from './battle-makers.ts'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

class Sink extends Writable {
  text = ''
  readonly isTTY: boolean

  constructor(isTTY: boolean) {
    super()
    this.isTTY = isTTY
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

interface Circumstances {
  readonly stdout?: Writable
  readonly isTerminal?: boolean
  readonly signal?: AbortSignal
}

/** `ringside export …`, with streams in memory and the day on which the clock stands still. */
export async function run(
  source: ExportSource & { close(): Promise<void> },
  argv: string[],
  { stdout, isTerminal = false, signal }: Circumstances = {},
): Promise<Ran> {
  const [out, err] = [new Sink(false), new Sink(isTerminal)]
  const code = await runExport(argv, {
    openSource: async () => source,
    stdout: stdout ?? out,
    stderr: err,
    now: () => AT,
    version: '1.2.3',
    ...(signal ? { signal } : {}),
  })
  return { code, stdout: out.text, stderr: err.text }
}

export function closedStream(): Writable {
  const stream = new PassThrough({ highWaterMark: 1 })
  stream.destroy()
  return stream
}
