import { mkdirSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { BattleId } from '../../contract/ids.ts'
import type { BulkWriter, Engine, StoreLogger } from '../engine.ts'
import { GrowthBell } from '../growth-bell.ts'
import type { Schema } from '../schema.ts'
import { StoreError } from '../store.ts'
import type { NewVote, NewWithdrawal, StoreHealth, VoteLogCursor } from '../store.ts'
import { backUpDatabase } from './backup.ts'
import { BulkStatements } from './bulk-statements.ts'
import { buildDatabase, isAnyOf, openConnection, type Connection } from './connection.ts'
import { lockDataDir } from './data-dir-lock.ts'
import { inspectDatabaseFile, listDataFiles, type DataFiles } from './data-files.ts'
import { GroupCommit } from './group-commit.ts'
import { checkHead, HeadNote } from './head-note.ts'
import type { Database } from './kit.ts'
import { checkShape, createDatabase, openMigrated } from './migrate.ts'
import { schema } from './schema.ts'
import { translateError } from './sqlite-errors.ts'
import { buildBattleLogReader, buildLogReader, findLogEnd } from './vote-log-reader.ts'
import { VoteStatements } from './vote-statements.ts'

/** Below this the disk counts as full until it is cleared. */
const LEAST_ROOM_BYTES = 256 * 1024

/** Opens the arena in a DATA_DIR as its only server; makes one when there is none. */
export function openSqliteEngine(dataDir: string, logger: StoreLogger): Engine {
  makeDataDir(dataDir)
  const unlock = lockDataDir(dataDir)
  try {
    return new SqliteEngine({ files: listDataFiles(dataDir), logger, unlock })
  } catch (error) {
    unlock()
    throw error
  }
}

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true })
  } catch (error) {
    throw new StoreError('read-only', `DATA_DIR ${dataDir} cannot be made: check its parent folder`, { cause: error })
  }
}

class SqliteEngine implements Engine {
  readonly name = 'sqlite'
  readonly schema: Schema = schema
  readonly isAnyOf = isAnyOf
  readonly #files: DataFiles
  readonly #unlock: () => void
  /** All writes go through one connection, one group after another; reads see committed groups through the other. */
  readonly #writer: Connection
  readonly #reader: Connection
  readonly #writerDatabase: Database
  readonly #readerDatabase: Database
  readonly #votes: VoteStatements
  #bulk: BulkStatements | undefined
  readonly #groups: GroupCommit
  readonly #readLog: ReturnType<typeof buildLogReader>
  readonly #readBattleLog: ReturnType<typeof buildBattleLogReader>
  readonly #bell: GrowthBell
  readonly #headNote: HeadNote

  constructor({ files, logger, unlock }: { files: DataFiles; logger: StoreLogger; unlock: () => void }) {
    this.#files = files
    this.#unlock = unlock
    this.#writer = openWriter(files, logger)
    this.#reader = openConnection(files.database, { readonly: true })
    this.#writerDatabase = buildDatabase(this.#writer)
    this.#readerDatabase = buildDatabase(this.#reader)
    this.#votes = new VoteStatements(this.#writer)
    this.#readLog = buildLogReader(this.#reader)
    this.#readBattleLog = buildBattleLogReader(this.#reader)
    this.#bell = new GrowthBell(logger)
    this.#headNote = new HeadNote(files.headNote, logger)
    this.#groups = new GroupCommit({
      connection: this.#writer,
      logger,
      committed: () => this.#announceGrowth(),
      rolledBack: () => void this.#votes.takeHead(),
    })
    this.#groups.checkWritable()
  }

  async read<T>(work: (db: Database) => Promise<T>): Promise<T> {
    try {
      return await work(this.#readerDatabase)
    } catch (error) {
      throw translateError(error)
    }
  }

  transact<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.#groups.submit(() => work(this.#writerDatabase))
  }

  transactBulk<T>(work: (writer: BulkWriter) => Promise<T>): Promise<T> {
    const bulk = (this.#bulk ??= new BulkStatements(this.#writer, this.#writerDatabase))
    return this.#groups.submit(async () => {
      bulk.takeHead()
      const result = await work(bulk)
      // Only now: what a batch that fails has appended is rolled back, and must not be noted as the end of the log.
      this.#votes.noteHead(bulk.takeHead())
      return result
    })
  }

  appendVote(vote: NewVote) {
    return this.#groups.submitStatement(() => this.#votes.appendVote(vote))
  }

  appendWithdrawal(withdrawal: NewWithdrawal) {
    return this.#groups.submitStatement(() => this.#votes.appendWithdrawal(withdrawal))
  }

  async readVoteLog(cursor: VoteLogCursor | null, limit: number) {
    return this.#readLog(cursor, limit)
  }

  async findLogEnd() {
    return findLogEnd(this.#reader)
  }

  async readBattleLog(battleIds: readonly BattleId[], upTo: VoteLogCursor) {
    return this.#readBattleLog(battleIds, upTo)
  }

  onVoteLogGrowth(listener: () => void): () => void {
    return this.#bell.listen(listener)
  }

  async checkHealth(): Promise<StoreHealth> {
    if (this.#groups.problem && !this.#groups.hasStopped && this.#hasRoom()) await this.#probe()
    const { problem, hasStopped, queued } = this.#groups
    return {
      engine: this.name,
      writable: problem === null,
      problem: problem?.message ?? null,
      needsRestart: hasStopped,
      gauges: { waitingWrites: queued, walBytes: sizeOf(`${this.#files.database}-wal`) },
    }
  }

  backup(file: string): Promise<{ sizeBytes: number }> {
    return backUpDatabase(this.#files.database, file)
  }

  async close(): Promise<void> {
    await this.#groups.close()
    await this.#headNote.close()
    this.#reader.close()
    this.#writer.close()
    this.#unlock()
  }

  #announceGrowth(): void {
    const head = this.#votes.takeHead()
    if (!head) return
    this.#headNote.note(head)
    this.#bell.ring()
  }

  /** What the probe writes may fit where a vote does not. */
  #hasRoom(): boolean {
    const { bavail, bsize } = statfsSync(dirname(this.#files.database))
    return bavail * bsize >= LEAST_ROOM_BYTES
  }

  /** Writes something of no meaning, so that recovery is noticed without anybody's vote. */
  async #probe(): Promise<void> {
    const statement = this.#writer.prepare('UPDATE ringside_migrations SET applied_at = applied_at')
    await this.#groups.submitStatement(() => statement.run()).catch(() => undefined)
  }
}

function openWriter(files: DataFiles, logger: StoreLogger): Connection {
  if (inspectDatabaseFile(files.database) === 'absent') {
    checkHead(files.headNote, null, logger)
    createDatabase(files)
    return openMigrated(files.database)
  }
  // Looked at without writing first: a store that is refused stays exactly as it was found.
  const reader = openConnection(files.database, { readonly: true })
  try {
    checkShape(reader)
    checkHead(files.headNote, reader, logger)
  } catch (error) {
    throw translateError(error)
  } finally {
    reader.close()
  }
  return openMigrated(files.database)
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
