import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runRank } from '../../../server/rank-file/rank-command.ts'

export interface RankRun {
  code: number
  out: string
  errors: string
}

/** Files in a folder of their own, and the command as people call it. */
export class RankFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ringside-rank-'))

  write(name: string, content: string | Uint8Array): string {
    const file = join(this.path, name)
    writeFileSync(file, content)
    return file
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

export async function rank(...argv: string[]): Promise<RankRun> {
  let out = ''
  let errors = ''
  const code = await runRank(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (errors += text) },
  })
  return { code, out, errors }
}

export interface JsonRow {
  rank: number
  rankLower: number
  rankUpper: number
  model: string
  rating: number
  se: number | null
  lower: number | null
  upper: number | null
  votes: number
}

export async function rankedRows(...argv: string[]): Promise<JsonRow[]> {
  const { code, out, errors } = await rank(...argv, '--json')
  if (code !== 0) throw new Error(errors)
  return JSON.parse(out) as JsonRow[]
}
