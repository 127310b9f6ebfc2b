import { createWriteStream } from 'node:fs'
import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sourceOf, STDIN, type ImportOptions } from './import-options.ts'
import type { ImportFile } from './record-source.ts'

/** Finds the inputs; what comes through stdin is put into a file, since it is read more than once. */
export async function withImportFiles<T>(
  options: ImportOptions,
  stdin: Readable,
  work: (files: readonly ImportFile[]) => Promise<T>,
): Promise<T> {
  const folder = options.files.includes(STDIN) ? await mkdtemp(join(tmpdir(), 'ringside-import-')) : null
  try {
    const files: ImportFile[] = []
    for (const name of options.files) {
      const path = name === STDIN && folder !== null ? join(folder, 'stdin') : name
      if (name === STDIN) await pipeline(stdin, createWriteStream(path, { mode: 0o600 }))
      await access(path, constants.R_OK)
      files.push({ name, path, source: options.source ?? sourceOf(name) })
    }
    return await work(files)
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true })
  }
}

/** Something that differs once a file is written to. */
export async function stampOf({ path }: ImportFile): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path)
  return `${ino} ${size} ${mtimeMs}`
}
