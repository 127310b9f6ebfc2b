import type { runExport as fromSource } from '../../server/exports/run-export.ts'
import { PairsSource } from './pairs-source.ts'

/*
 * One export in a process of its own, so that its peak memory is its own, with the code as it is built and shipped.
 * Arguments: pairs, bytes, then the command.
 */
const built = new URL('../../dist/server/exports/run-export.js', import.meta.url).href
const { runExport }: { runExport: typeof fromSource } = await import(built)
const [pairs = '1000', bytes = '2000', ...argv] = process.argv.slice(2)
const source = new PairsSource(Number(pairs), Number(bytes))
const startedAt = performance.now()
process.exitCode = await runExport(argv, {
  openSource: async () => source,
  stdout: process.stderr,
  stderr: process.stderr,
  now: Date.now,
  version: 'bench',
})
const seconds = (performance.now() - startedAt) / 1000
process.stdout.write(JSON.stringify({ seconds, peakMb: process.resourceUsage().maxRSS / 1024 }))
