import { performance } from 'node:perf_hooks'
import type { StoreLogger } from '../engine.ts'
import { StoreError } from '../store.ts'
import type { Connection } from './connection.ts'
import { findSqliteCode, translateCommitError, translateError } from './sqlite-errors.ts'

/** A group ends after this long, so that the event loop turns even when thousands wait. */
const GROUP_MS = 16
const GROUP_UNITS = 1_000
/**
 * When the last group was this large, the next one gathers for a moment before it begins: an fsync costs the same for
 * ten facts as for a hundred, and while it runs nothing else does.
 */
const GATHER_FROM = 8
const GATHER_MS = 3
/** More than this many waiting units would be memory without end: callers are refused instead. */
const QUEUE_UNITS = 20_000
const BUSY_RETRY_MS = 15
const BUSY_LIMIT_MS = 5_000

/** One atomic fact that waits for its group. */
interface Unit {
  readonly queuedAt: number
  /** One statement is atomic by itself; more of them need a savepoint. */
  readonly needsSavepoint: boolean
  run(): void | Promise<void>
  settle(): void
  fail(error: unknown): void
}

export interface GroupCommitOptions {
  readonly connection: Connection
  readonly logger: StoreLogger
  /** Called after a group is on disk, before anybody is told. */
  readonly committed: () => void
  readonly rolledBack: () => void
}

/**
 * Collects facts and commits them together: while one group waits for the disk the next one gathers, and all of it
 * costs one fsync. Every fact stands alone: one that fails takes nothing with it. Nobody is answered, not even with a
 * refusal, before the commit that the answer rests on has returned.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions
  #queue: Unit[] = []
  #isBusy = false
  /** How many facts the last group had: the measure of how busy it is. */
  #lastGroup = 0
  #isClosing = false
  #drained: (() => void) | undefined
  #problem: StoreError | null = null
  #changesAtProblem: number | undefined
  #hasStopped = false

  constructor(options: GroupCommitOptions) {
    this.#options = options
  }

  /** Why the last group could not be written; null after one that could. */
  get problem(): StoreError | null {
    return this.#problem
  }

  /** True after a failure that only opening the file again can heal. */
  get hasStopped(): boolean {
    return this.#hasStopped
  }

  get queued(): number {
    return this.#queue.length
  }

  /** Learns whether there is anything to write to, before anybody's fact depends on it. */
  checkWritable(): void {
    try {
      // A statement that writes nothing asks for the right to write; beginning a transaction alone does not.
      this.#options.connection.exec('DELETE FROM vote_log WHERE position < 0')
    } catch (error) {
      const translated = translateError(error)
      if (!(translated instanceof StoreError)) throw error
      if (translated.reason !== 'busy') this.#noteProblem(translated)
    }
  }

  /** Work that writes with at most one statement. */
  submitStatement<T>(work: () => T): Promise<T> {
    return this.#submit(work, false)
  }

  /** Work of several statements; it may only await the database. */
  submit<T>(work: () => Promise<T>): Promise<T> {
    return this.#submit(work, true)
  }

  /** Refuses what comes from now on and waits until everything before is answered. */
  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#queue.length > 0 || this.#isBusy) await new Promise<void>((resolve) => (this.#drained = resolve))
  }

  #submit<T>(work: () => T | Promise<T>, needsSavepoint: boolean): Promise<T> {
    const refusal = this.#refuse()
    if (refusal) return Promise.reject(refusal)
    return new Promise<T>((resolve, reject) => {
      let settle = () => reject(new Error('the unit has not run'))
      this.#queue.push({
        queuedAt: performance.now(),
        needsSavepoint,
        run: () => {
          const result = work()
          if (!(result instanceof Promise)) settle = () => resolve(result)
          else return result.then((value) => void (settle = () => resolve(value)))
        },
        settle: () => settle(),
        fail: reject,
      })
      this.#schedule()
    })
  }

  #refuse(): StoreError | undefined {
    if (this.#hasStopped) {
      return new StoreError('unavailable', `Nothing is stored until a restart: ${this.#problem?.message ?? ''}`)
    }
    if (this.#isClosing) return new StoreError('unavailable', 'The store is closing')
    if (this.#queue.length >= QUEUE_UNITS)
      return new StoreError('busy', `${QUEUE_UNITS} facts wait to be stored already`)
    return undefined
  }

  /** An immediate runs after the sockets that were ready have been read: what they brought is in the queue by then. */
  #schedule(): void {
    if (this.#isBusy) return
    this.#isBusy = true
    if (this.#lastGroup < GATHER_FROM) setImmediate(() => void this.#commitGroup())
    else setTimeout(() => void this.#commitGroup(), GATHER_MS)
  }

  async #commitGroup(): Promise<void> {
    if (!this.#begin()) return
    const group: Unit[] = []
    const failures = new Map<Unit, unknown>()
    try {
      const end = performance.now() + GROUP_MS
      for (const unit of this.#queue) {
        if (group.length >= GROUP_UNITS || (group.length > 0 && performance.now() > end)) break
        group.push(unit)
        // Awaiting only what is a promise keeps a group of votes in one piece.
        const running = this.#runUnit(unit, failures)
        if (running) await running
      }
      this.#commit()
    } catch (error) {
      this.#queue.splice(0, group.length)
      this.#abandon(group, error)
      this.#next()
      return
    }
    this.#queue.splice(0, group.length)
    this.#lastGroup = group.length
    this.#options.committed()
    for (const unit of group) {
      if (failures.has(unit)) unit.fail(failures.get(unit))
      else unit.settle()
    }
    this.#next()
  }

  #commit(): void {
    try {
      this.#options.connection.exec('COMMIT')
    } catch (error) {
      throw translateCommitError(error)
    }
    if (this.#problem && this.#countChanges() !== this.#changesAtProblem) this.#problem = null
  }

  /** Rows written over this connection so far. A group of refusals writes none, and so proves nothing about the disk. */
  #countChanges(): number | undefined {
    return this.#options.connection.prepare<[], number>('SELECT total_changes()').pluck().get()
  }

  /** False when another process holds the lock, or when nothing can begin at all; both are taken care of here. */
  #begin(): boolean {
    try {
      this.#options.connection.exec('BEGIN IMMEDIATE')
      return true
    } catch (error) {
      const oldest = this.#queue[0]
      const isPatient = oldest !== undefined && performance.now() - oldest.queuedAt < BUSY_LIMIT_MS
      if (isPatient && findSqliteCode(error)?.startsWith('SQLITE_BUSY')) {
        setTimeout(() => void this.#commitGroup(), BUSY_RETRY_MS)
        return false
      }
      this.#abandon(this.#queue.splice(0), error)
      this.#next()
      return false
    }
  }

  #runUnit(unit: Unit, failures: Map<Unit, unknown>): Promise<void> | undefined {
    if (unit.needsSavepoint) return this.#runInSavepoint(unit, failures)
    try {
      const running = unit.run()
      return running ? running.catch((error: unknown) => this.#noteFailure(unit, error, failures)) : undefined
    } catch (error) {
      this.#noteFailure(unit, error, failures)
      return undefined
    }
  }

  async #runInSavepoint(unit: Unit, failures: Map<Unit, unknown>): Promise<void> {
    const { connection } = this.#options
    connection.exec('SAVEPOINT fact')
    try {
      await unit.run()
    } catch (error) {
      this.#noteFailure(unit, error, failures)
      connection.exec('ROLLBACK TO fact')
    }
    connection.exec('RELEASE fact')
  }

  /** A fact that is wrong in itself fails alone; when the disk failed, the engine may have rolled back everything. */
  #noteFailure(unit: Unit, error: unknown, failures: Map<Unit, unknown>): void {
    const translated = translateError(error)
    if (translated instanceof StoreError || !this.#options.connection.inTransaction) throw error
    failures.set(unit, error)
  }

  #abandon(group: readonly Unit[], error: unknown): void {
    const translated = translateError(error)
    try {
      if (this.#options.connection.inTransaction) this.#options.connection.exec('ROLLBACK')
    } catch (rollbackError) {
      this.#options.logger.error({ err: rollbackError }, 'a group of facts could not be rolled back')
    }
    this.#options.rolledBack()
    if (translated instanceof StoreError) this.#noteProblem(translated)
    for (const unit of group) unit.fail(translated)
  }

  #noteProblem(problem: StoreError): void {
    if (this.#problem?.reason !== problem.reason) {
      this.#options.logger.error({ err: problem }, 'the store could not write')
    }
    this.#problem = problem
    this.#changesAtProblem = this.#countChanges()
    if (problem.reason !== 'unknown' && problem.reason !== 'corrupt') return
    // After a failed fsync the system may have dropped the pages: a later success would promise too much.
    this.#hasStopped = true
    for (const unit of this.#queue.splice(0)) unit.fail(this.#refuse())
  }

  #next(): void {
    this.#isBusy = false
    if (this.#queue.length > 0) this.#schedule()
    else this.#drained?.()
  }
}
