import type { BattleId } from '../../contract/ids.ts'
import type { BulkWriter, Engine, StoreLogger } from '../engine.ts'
import { GrowthBell } from '../growth-bell.ts'
import { LogRowParser } from '../log-labels.ts'
import type { Schema } from '../schema.ts'
import type { Database } from '../sqlite/kit.ts'
import type { NewVote, NewWithdrawal, StoreHealth, VoteLogCursor } from '../store.ts'
import { refuseBackup } from './backup.ts'
import { buildBulkWriter } from './bulk-statements.ts'
import { Connections, isAnyOf, toDatabase, type Attempts } from './connections.ts'
import { Doorbell } from './doorbell.ts'
import { migrateDatabase } from './migrate.ts'
import { translateError } from './postgres-errors.ts'
import { schema } from './schema.ts'
import { VoteGroups } from './vote-groups.ts'
import { findLogEnd, readBattleLog, readVoteLogPage } from './vote-log-reader.ts'
import { appendWithdrawal } from './vote-statements.ts'

const POOL_SIZE = 10

export interface PostgresOptions {
  readonly url: string
  readonly nodeId: string
  readonly logger: StoreLogger
}

/** Opens the arena on a server, as one of any number of nodes. */
export async function openPostgresEngine(options: PostgresOptions): Promise<Engine> {
  await migrateDatabase(options.url)
  const engine = new PostgresEngine(options)
  try {
    await engine.start()
    return engine
  } catch (error) {
    await engine.close()
    throw translateError(error)
  }
}

class PostgresEngine implements Engine {
  readonly name = 'postgres'
  readonly schema: Schema = schema
  readonly isAnyOf = isAnyOf
  readonly #connections: Connections
  readonly #votes: VoteGroups
  readonly #bell: GrowthBell
  readonly #doorbell: Doorbell
  readonly #parser = new LogRowParser()

  constructor({ url, nodeId, logger }: PostgresOptions) {
    const name = `ringside ${nodeId}`
    this.#connections = new Connections({ url, name, size: POOL_SIZE, logger })
    this.#bell = new GrowthBell(logger)
    this.#doorbell = new Doorbell({ url, name: `${name} doorbell`, bell: this.#bell, logger })
    this.#votes = new VoteGroups(this.#connections, { appended: () => this.#doorbell.notice(), logger })
  }

  start(): Promise<void> {
    return this.#doorbell.start()
  }

  read<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.#connections.read((client) => work(toDatabase(client)))
  }

  transact<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.#connections.transact((client) => work(toDatabase(client)))
  }

  async transactBulk<T>(work: (writer: BulkWriter) => Promise<T>): Promise<T> {
    const result = await this.#connections.transact((client) => work(buildBulkWriter(client, toDatabase(client))))
    this.#doorbell.notice()
    return result
  }

  appendVote(vote: NewVote) {
    return this.#votes.submit(vote)
  }

  async appendWithdrawal(withdrawal: NewWithdrawal) {
    const attempts: Attempts = { isUnknown: false }
    const result = await this.#connections.transact(
      (client) => appendWithdrawal(client, withdrawal, attempts),
      attempts,
    )
    this.#doorbell.notice()
    return result
  }

  readVoteLog(cursor: VoteLogCursor | null, limit: number) {
    return this.#connections.read((client) => readVoteLogPage(client, { cursor, limit, parser: this.#parser }))
  }

  findLogEnd() {
    return this.#connections.read(findLogEnd)
  }

  readBattleLog(battleIds: readonly BattleId[], upTo: VoteLogCursor) {
    return this.#connections.read((client) => readBattleLog(client, { battleIds, upTo, parser: this.#parser }))
  }

  onVoteLogGrowth(listener: () => void): () => void {
    return this.#bell.listen(listener)
  }

  async checkHealth(): Promise<StoreHealth> {
    const seen = await this.#doorbell.look()
    const problem = !seen
      ? 'The database of DATABASE_URL cannot be reached'
      : seen.readOnly
        ? 'The database of DATABASE_URL takes no writes: it is a standby, or set to read-only'
        : null
    return {
      engine: this.name,
      writable: problem === null,
      problem,
      needsRestart: false,
      gauges: {
        waitingWrites: this.#votes.waiting,
        waitingForConnection: this.#connections.waiting,
        logLagMs: Math.round(this.#doorbell.lagMs),
      },
    }
  }

  backup(file: string): Promise<never> {
    return refuseBackup(file)
  }

  async close(): Promise<void> {
    await this.#votes.close()
    await this.#doorbell.close()
    await this.#connections.close()
  }
}
