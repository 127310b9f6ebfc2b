import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ByteTarget } from './byte-target.ts'
import { FileTarget } from './file-target.ts'

/** An output that cannot be written as asked: the caller's to change, nothing was touched. */
export class OutputRefused extends Error {
  override readonly name = 'OutputRefused'
}

/**
 * Files that appear whole or not at all: written under another name, renamed when everything is written. What is there
 * already stays, unless it is empty or was given up for overwriting.
 */
export class StagedOutput {
  readonly #root: string
  readonly #stage: string
  readonly #overwrite: boolean
  /** Whether the folder was made for this. */
  readonly #isOurFolder: boolean
  readonly #files: { readonly name: string; readonly target: FileTarget }[] = []

  private constructor({ root, stage, overwrite, isOurFolder }: StagePlace) {
    this.#root = root
    this.#stage = stage
    this.#overwrite = overwrite
    this.#isOurFolder = isOurFolder
  }

  /** @param names of all files that will be written, with `/` within the folder */
  static async openFolder(folder: string, names: readonly string[], overwrite: boolean): Promise<StagedOutput> {
    const made = await mkdir(folder, { recursive: true })
    for (const name of names) {
      const within = dirname(name)
      if (within !== '.' && (await findKind(join(folder, within))) === 'link') {
        throw new OutputRefused(
          `${join(folder, within)} is a link to somewhere else: remove it, or choose another folder`,
        )
      }
      await refuseTaken(join(folder, name), overwrite)
    }
    return StagedOutput.#create(folder, { overwrite, isOurFolder: made !== undefined })
  }

  static async openFile(path: string, overwrite: boolean): Promise<StagedOutput> {
    await refuseTaken(path, overwrite)
    return StagedOutput.#create(dirname(path), { overwrite, isOurFolder: false })
  }

  static async #create(root: string, options: Pick<StagePlace, 'overwrite' | 'isOurFolder'>): Promise<StagedOutput> {
    const stage = join(root, `.ringside-export-${randomBytes(6).toString('hex')}`)
    await mkdir(stage)
    return new StagedOutput({ root, stage, ...options })
  }

  async createFile(name: string): Promise<FileTarget> {
    const path = join(this.#stage, name)
    await mkdir(dirname(path), { recursive: true })
    const target = await FileTarget.create(path)
    this.#files.push({ name, target })
    return target
  }

  async writeText(name: string, text: string): Promise<void> {
    const target = await this.createFile(name)
    await target.write(Buffer.from(text))
    await target.end()
  }

  /** SHA-256 of each finished file, by name. */
  hashes(): Record<string, string> {
    return Object.fromEntries(this.#files.map(({ name, target }) => [name, target.sha256]))
  }

  /** Gives the files their names, in the order in which they were made: whoever waits for the last one has all. */
  async commit(): Promise<void> {
    for (const { name } of this.#files) await refuseTaken(join(this.#root, name), this.#overwrite)
    // While some files are new and some old, the last one, which describes them all, must not be there.
    const last = this.#files.at(-1)
    if (this.#overwrite && last && this.#files.length > 1) await rm(join(this.#root, last.name), { force: true })
    for (const { name } of this.#files) {
      const path = join(this.#root, name)
      await mkdir(dirname(path), { recursive: true })
      await rename(join(this.#stage, name), path)
    }
    await rm(this.#stage, { recursive: true, force: true })
  }

  /** Takes back everything that has no name yet. Safe after a commit. */
  async abandon(): Promise<void> {
    for (const { target } of this.#files) await target.abandon()
    await rm(this.#stage, { recursive: true, force: true })
    // Only an empty folder can be removed so: after a commit this does nothing.
    if (this.#isOurFolder) await rmdir(this.#root).catch(() => undefined)
  }
}

interface StagePlace {
  readonly root: string
  readonly stage: string
  readonly overwrite: boolean
  readonly isOurFolder: boolean
}

type Kind = 'absent' | 'link' | 'folder' | 'file' | 'empty' | 'device'

export async function findKind(path: string): Promise<Kind> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (!stats) return 'absent'
  if (stats.isSymbolicLink()) return (await leadsToDevice(path)) ? 'device' : 'link'
  if (stats.isDirectory()) return 'folder'
  if (!stats.isFile()) return 'device'
  return stats.size === 0 ? 'empty' : 'file'
}

/** Such as /dev/stdout, which is a link. */
async function leadsToDevice(link: string): Promise<boolean> {
  const stats = await stat(link).catch(() => undefined)
  return stats !== undefined && !stats.isFile() && !stats.isDirectory()
}

async function refuseTaken(path: string, overwrite: boolean): Promise<void> {
  const kind = await findKind(path)
  if (kind === 'absent' || kind === 'empty') return
  if (kind === 'folder' || kind === 'device') throw new OutputRefused(`${path} is there and is no file`)
  if (!overwrite) throw new OutputRefused(`${path} is there already: choose another name, or add --overwrite`)
}

/** A pipe or a device is written to directly: there is nothing to rename. */
export async function openDevice(path: string): Promise<ByteTarget> {
  const file = await open(path, constants.O_WRONLY)
  return {
    write: (bytes) => writeFile(file, bytes),
    end: () => file.close(),
  }
}
