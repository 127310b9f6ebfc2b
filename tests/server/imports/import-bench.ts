import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { openStore } from '../../../db/open-store.ts'
import type { ExportCursor, ExportFilter, ExportPage, Store, VoteOnBattle } from '../../../db/store.ts'
import { runImport } from '../../../server/imports/run-import.ts'
import { KeptText } from '../../support/kept-text.ts'
import { makeScratchFolder } from '../../support/scratch-folder.ts'

/** A moment in the year 2033. */
export const NOON = 2_000_000_000_000

export interface ImportResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The summary of `--json`. */
  readonly summary: Record<string, unknown>
}

/** A folder with files to import and an arena in a file of its own. */
export interface ImportBench {
  readonly folder: string
  write(name: string, content: string | Uint8Array): string
  read(name: string): string
  run(...argv: string[]): Promise<ImportResult>
  /** Like `run`, with settings of the import that the command line does not have. */
  runWith(settings: { maxRecordBytes?: number }, ...argv: string[]): Promise<ImportResult>
  /** Happens between the check of the files and the opening of the store. */
  beforeStore: () => void
  runWithStdin(stdin: string | Uint8Array, ...argv: string[]): Promise<ImportResult>
  /** Opens the arena between imports. */
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>
  remove(): void
}

export function makeImportBench(): ImportBench {
  const scratch = makeScratchFolder()
  const dataDir = join(scratch.path, 'data')
  const open = () => openStore({ dataDir, databaseUrl: undefined, nodeId: 'import-test' })
  mkdirSync(join(scratch.path, 'files'))
  const pathOf = (name: string) => join(scratch.path, 'files', name)
  const run = async (
    stdin: string | Uint8Array,
    argv: readonly string[],
    settings: { maxRecordBytes?: number } = {},
  ) => {
    const stdout = new KeptText()
    const stderr = new KeptText()
    const input = Readable.from([Buffer.from(stdin)])
    const openStoreAfter = () => {
      bench.beforeStore()
      return open()
    }
    const code = await runImport(argv, {
      ...settings,
      openStore: openStoreAfter,
      stdin: input,
      stdout,
      stderr,
      now: () => NOON,
    })
    return { code, stdout: stdout.text, stderr: stderr.text, summary: toSummary(stdout.text) }
  }
  const bench: ImportBench = {
    beforeStore: () => undefined,
    runWith: (settings, ...argv) => run('', argv, settings),
    folder: join(scratch.path, 'files'),
    write: (name, content) => {
      writeFileSync(pathOf(name), content)
      return pathOf(name)
    },
    read: (name) => readFileSync(pathOf(name), 'utf8'),
    run: (...argv) => run('', argv),
    runWithStdin: (stdin, ...argv) => run(stdin, argv),
    withStore: async (work) => {
      const store = await open()
      try {
        return await work(store)
      } finally {
        await store.close()
      }
    },
    remove: () => scratch.remove(),
  }
  return bench
}

function toSummary(stdout: string): Record<string, unknown> {
  if (!stdout.startsWith('{')) return {}
  const value: unknown = JSON.parse(stdout)
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

export function toJsonLines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

const EVERYTHING: ExportFilter = {
  arenas: [],
  categories: [],
  languages: [],
  models: [],
  excludedModels: [],
  since: null,
  until: null,
}

/** Every vote of an arena as an export reads it, in log order. */
export async function readVotes(store: Store): Promise<VoteOnBattle[]> {
  const { cursor } = await store.findLogEnd()
  const votes: VoteOnBattle[] = []
  for (let after: ExportCursor | null = null; ;) {
    const page: ExportPage<VoteOnBattle> = await store.readVotes({
      filter: EVERYTHING,
      after,
      upTo: cursor,
      limit: 1_000,
    })
    votes.push(...page.items)
    if (page.next === null) return votes
    after = page.next
  }
}

/** A vote in one line, with what a test of a layout looks at. */
export function describeVote({ vote, battle }: VoteOnBattle) {
  return {
    models: `${battle.models.a} / ${battle.models.b}`,
    outcome: vote.outcome,
    judge: vote.judge,
    turn: vote.turn,
    excluded: vote.excluded,
    categories: battle.categories,
    turns: battle.turns.map(({ prompt, answers }) => [prompt, answers.a, answers.b]),
  }
}
