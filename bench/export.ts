import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { z } from 'zod'

/**
 * How fast pairs become a file, beside copying the bytes of that file with a plain stream in the same run: the ceiling
 * of anything that writes them. Each export has a process of its own, which tells its peak memory.
 *
 * npm run bench -- export [pairs=1000000] [bytes of text in a pair=2000]
 */
const pairs = Number(process.argv[2] ?? 1_000_000)
const bytes = Number(process.argv[3] ?? 2000)
const folder = mkdtempSync(join(tmpdir(), 'ringside-bench-'))
const script = new URL('./export/export-process.ts', import.meta.url).pathname
const Measured = z.object({ seconds: z.number(), peakMb: z.number() })

const CASES = [
  { name: 'JSONL, as it comes: masked, repetitions dropped', file: 'a.jsonl', argv: [], share: 1 },
  { name: 'JSONL, neither', file: 'b.jsonl', argv: ['--mask-pii', 'off', '--dedup', 'none'], share: 1 },
  { name: 'Parquet (snappy)', file: 'c.parquet', argv: [], share: 0.1 },
  { name: 'JSONL, gzip', file: 'd.jsonl.gz', argv: [], share: 0.1 },
]

try {
  console.log(`${pairs.toLocaleString('en-US')} pairs of ${bytes} bytes`)
  for (const { name, file, argv, share } of CASES) {
    const count = Math.max(1, Math.round(pairs * share))
    const path = join(folder, file)
    const { seconds, peakMb } = await exportPairs(count, ['dpo', '--output', path, ...argv])
    const size = statSync(path).size
    const copySeconds = file.endsWith('.jsonl') ? await copy(path) : undefined
    const beside =
      copySeconds === undefined
        ? ''
        : `, file ${rate(size, seconds)}; copy ${rate(size, copySeconds)}; ratio ${(copySeconds / seconds).toFixed(2)}`
    const rows = Math.round(count / seconds).toLocaleString('en-US')
    console.log(
      `${name.padEnd(48)} ${rows.padStart(7)} rows/s, text ${rate(count * bytes, seconds)}, peak ${peakMb.toFixed(0)} MB${beside}`,
    )
    rmSync(path)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function exportPairs(count: number, argv: string[]) {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, [...process.execArgv, script, String(count), String(bytes), ...argv])
  return Measured.parse(JSON.parse(stdout))
}

/** The median of three: a copy has the disk's moods. */
async function copy(path: string): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < 3; run += 1) {
    const startedAt = performance.now()
    await pipeline(createReadStream(path), createWriteStream(`${path}.copy`))
    times.push((performance.now() - startedAt) / 1000)
    rmSync(`${path}.copy`)
  }
  return times.toSorted((one, other) => one - other)[1] ?? Number.NaN
}

function rate(size: number, seconds: number): string {
  return `${(size / 1e6 / seconds).toFixed(0)} MB/s`
}
