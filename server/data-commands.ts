import { openExportSource, openStore } from '../db/open-store.ts'
import type { CommandStreams } from './commands.ts'
import { readConfig } from './config.ts'
import { runExport } from './exports/run-export.ts'
import { runImport } from './imports/run-import.ts'
import { readVersion } from './version.ts'

/** `ringside import KIND FILE…` */
export function importFiles(args: string[], { environment, stdin, stdout, stderr }: CommandStreams): Promise<number> {
  const { DATA_DIR: dataDir, DATABASE_URL: databaseUrl } = readConfig(environment)
  return runImport(args, {
    openStore: () => openStore({ dataDir, databaseUrl, nodeId: 'import' }),
    stdin,
    stdout,
    stderr,
    now: Date.now,
  })
}

/** `ringside export FORMAT` */
export function exportRows(args: string[], { environment, stdout, stderr }: CommandStreams): Promise<number> {
  const { DATA_DIR: dataDir, DATABASE_URL: databaseUrl } = readConfig(environment)
  return runExport(args, {
    openSource: () => openExportSource({ dataDir, databaseUrl }),
    stdout,
    stderr,
    now: Date.now,
    version: readVersion(),
  })
}
