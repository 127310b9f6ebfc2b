import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { StoreError } from './store.ts'

/** One step of the stored shape; its name orders it after the steps before it. */
export interface Migration {
  readonly name: string
  readonly statements: readonly string[]
}

const Journal = z.object({ entries: z.array(z.object({ idx: z.int(), tag: z.string() })) })

/** Reads what drizzle-kit generated into `migrations/<folder>`, from source as well as from the built tree. */
export function readMigrations(folder: string): Migration[] {
  const path = join(findPackageRoot(import.meta.dirname), 'migrations', folder)
  const journal = Journal.parse(JSON.parse(readFileSync(join(path, 'meta', '_journal.json'), 'utf8')))
  return journal.entries
    .toSorted((one, other) => one.idx - other.idx)
    .map(({ tag }) => ({
      name: tag,
      statements: readFileSync(join(path, `${tag}.sql`), 'utf8').split('--> statement-breakpoint'),
    }))
}

function findPackageRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from
  const parent = dirname(from)
  if (parent === from) throw new Error(`No package.json above ${import.meta.dirname}: the migrations cannot be found`)
  return findPackageRoot(parent)
}

/** The steps that are still to be taken. A store that has taken a step unknown to this code was opened by a newer one. */
export function pickPending(known: readonly Migration[], applied: readonly string[]): Migration[] {
  const names = new Set(known.map(({ name }) => name))
  const unknown = applied.filter((name) => !names.has(name))
  if (unknown.length > 0) {
    throw new StoreError(
      'newer-schema',
      `The store was written by a newer Ringside (it has "${unknown.join('", "')}"): start that version, or restore a backup made before the upgrade`,
    )
  }
  const taken = new Set(applied)
  return known.filter(({ name }) => !taken.has(name))
}
