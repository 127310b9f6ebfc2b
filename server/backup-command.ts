import { backUpStore, restoreStore } from '../db/open-store.ts'
import { readConfig } from './config.ts'
import type { CommandStreams } from './commands.ts'

/** `ringside backup FILE` */
export async function backUp(
  args: readonly string[],
  { environment, stdout, stderr }: CommandStreams,
): Promise<number> {
  const [file, ...rest] = args
  if (file === undefined || rest.length > 0) {
    stderr.write('Usage: ringside backup FILE\n')
    return 2
  }
  const config = readConfig(environment)
  const { sizeBytes } = await backUpStore({ dataDir: config.DATA_DIR, databaseUrl: config.DATABASE_URL }, file)
  stdout.write(`Wrote ${file}, ${(sizeBytes / 1_000_000).toFixed(1)} MB\n`)
  return 0
}

/** `ringside restore FILE` */
export async function restore(
  args: readonly string[],
  { environment, stdout, stderr }: CommandStreams,
): Promise<number> {
  const [file, ...rest] = args
  if (file === undefined || rest.length > 0) {
    stderr.write('Usage: ringside restore FILE\n')
    return 2
  }
  const config = readConfig(environment)
  const { keptAs } = await restoreStore({ dataDir: config.DATA_DIR, databaseUrl: config.DATABASE_URL }, file)
  stdout.write(`Restored ${file}${keptAs === null ? '' : `; what was there before is in ${keptAs}`}\n`)
  return 0
}
