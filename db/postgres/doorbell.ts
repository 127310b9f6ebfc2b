import pg from 'pg'
import type { StoreLogger } from '../engine.ts'
import type { GrowthBell } from '../growth-bell.ts'
import { checkDurability, CONNECTION_LIMITS } from './connections.ts'
import { VOTE_LOG_CHANNEL } from './vote-statements.ts'

/** Notifications can be lost, so the log is looked at anyway, seldom. */
const SLOW_LOOK_MS = 1_000
/** While entries wait for an older transaction to end, it is looked at often, then less often. */
const FIRST_LOOK_MS = 5
const LONGEST_LOOK_MS = 250
const RECONNECT_MS = 250

const LOOK = {
  name: 'look-at-vote-log',
  text: `SELECT
      (SELECT xid || '.' || position FROM vote_log WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
       ORDER BY xid DESC, position DESC LIMIT 1) AS head,
      EXISTS (SELECT FROM vote_log WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())) AS pending,
      pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS "readOnly"`,
}

interface Look {
  readonly head: string | null
  readonly pending: boolean
  readonly readOnly: boolean
}

/**
 * Rings when entries have become readable, here or on another node. It keeps a connection of its own, which also
 * answers for the health of the store: when every other connection is taken it still knows whether there is a server.
 */
export class Doorbell {
  readonly #url: string
  readonly #name: string
  readonly #bell: GrowthBell
  readonly #logger: StoreLogger
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<Look | undefined> | undefined
  #isClosed = false
  /** Said once, not with every attempt to come back. */
  #isLost = false
  #head: string | null = null
  #pause = FIRST_LOOK_MS
  #pendingSince: number | undefined

  constructor({ url, name, bell, logger }: { url: string; name: string; bell: GrowthBell; logger: StoreLogger }) {
    this.#url = url
    this.#name = name
    this.#bell = bell
    this.#logger = logger
  }

  /** How long entries have been waiting for an older transaction; 0 when none wait. */
  get lagMs(): number {
    return this.#pendingSince === undefined ? 0 : performance.now() - this.#pendingSince
  }

  /** Listens, and looks once, so that what grows from now on is noticed. */
  async start(): Promise<void> {
    await this.#connect()
    await this.#lookAgain()
  }

  /** Something was appended: look soon. */
  notice(): void {
    this.#pause = FIRST_LOOK_MS
    this.#schedule(0)
  }

  /** What the database says now, or nothing when it does not answer. */
  look(): Promise<Look | undefined> {
    this.#looking ??= this.#ask().finally(() => (this.#looking = undefined))
    return this.#looking
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#looking
    await this.#disconnect()
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...CONNECTION_LIMITS,
      query_timeout: 5_000,
      connectionString: this.#url,
      application_name: this.#name,
    })
    client.on('error', (error) => void this.#lose(client, error))
    client.on('notification', () => this.notice())
    try {
      await client.connect()
      await checkDurability(client)
      await client.query(`LISTEN ${VOTE_LOG_CHANNEL}`)
      this.#client = client
      return client
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
  }

  async #ask(): Promise<Look | undefined> {
    if (this.#isClosed) return undefined
    try {
      const client = this.#client ?? (await this.#connect())
      const { rows } = await client.query<Look>(LOOK)
      this.#isLost = false
      return rows[0]
    } catch (error) {
      await this.#lose(this.#client, error)
      return undefined
    }
  }

  async #lose(client: pg.Client | undefined, error: unknown): Promise<void> {
    if (this.#isClosed) return
    if (!this.#isLost) this.#logger.warn({ err: error }, 'the connection that listens to the vote log was lost')
    this.#isLost = true
    if (client === this.#client) await this.#disconnect()
  }

  async #disconnect(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.end().catch(() => undefined)
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#lookAgain(), delayMs)
    this.#timer.unref()
  }

  async #lookAgain(): Promise<void> {
    const seen = await this.look()
    if (!seen) return this.#schedule(RECONNECT_MS * (0.5 + Math.random()))
    if (seen.head !== this.#head) this.#bell.ring()
    this.#head = seen.head
    this.#pendingSince = seen.pending ? (this.#pendingSince ?? performance.now()) : undefined
    this.#schedule(seen.pending ? this.#pause : SLOW_LOOK_MS)
    this.#pause = seen.pending ? Math.min(this.#pause * 2, LONGEST_LOOK_MS) : FIRST_LOOK_MS
  }
}
