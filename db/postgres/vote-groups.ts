import type { StoreLogger } from '../engine.ts'
import { StoreError, type NewVote, type VoteResult } from '../store.ts'
import type { Attempts, Connections } from './connections.ts'
import { isRefusedValue, translateError } from './postgres-errors.ts'
import { appendVotes } from './vote-statements.ts'

const GROUP_VOTES = 500
const QUEUE_VOTES = 20_000

interface WaitingVote {
  readonly vote: NewVote
  readonly resolve: (result: VoteResult) => void
  readonly reject: (error: unknown) => void
}

/**
 * Collects votes and appends them together: while one group is on its way the next one gathers. Nobody is answered
 * before the commit that the answer rests on was confirmed.
 */
export class VoteGroups {
  readonly #connections: Connections
  readonly #appended: () => void
  readonly #logger: StoreLogger
  #queue: WaitingVote[] = []
  #running: Promise<void> | undefined
  #isClosing = false

  constructor(connections: Connections, { appended, logger }: { appended: () => void; logger: StoreLogger }) {
    this.#connections = connections
    this.#appended = appended
    this.#logger = logger
  }

  get waiting(): number {
    return this.#queue.length
  }

  submit(vote: NewVote): Promise<VoteResult> {
    if (this.#isClosing) return Promise.reject(new StoreError('unavailable', 'The store is closing'))
    if (this.#queue.length >= QUEUE_VOTES) {
      return Promise.reject(new StoreError('busy', `${QUEUE_VOTES} votes wait to be stored already`))
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ vote, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await this.#running
  }

  async #run(): Promise<void> {
    // The sockets that are ready are read first: what they bring belongs to this group.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#queue.length > 0) await this.#append(this.#queue.splice(0, GROUP_VOTES))
    this.#running = undefined
  }

  /** Halves a group that holds a vote which the database refuses, until that vote is alone. */
  async #append(group: readonly WaitingVote[]): Promise<void> {
    const attempts: Attempts = { isUnknown: false }
    const votes = group.map(({ vote }) => vote)
    try {
      const results = await this.#connections.transact((client) => appendVotes(client, votes, attempts), attempts)
      for (const [at, { resolve, reject }] of group.entries()) {
        const result = results[at]
        if (result) resolve(result)
        else reject(new Error('a vote of the group was not answered'))
      }
      this.#appended()
    } catch (error) {
      await this.#handleFailure(group, error)
    }
  }

  async #handleFailure(group: readonly WaitingVote[], error: unknown): Promise<void> {
    if (isRefusedValue(error) && group.length > 1) {
      const middle = Math.ceil(group.length / 2)
      await this.#append(group.slice(0, middle))
      await this.#append(group.slice(middle))
      return
    }
    const translated = translateError(error)
    if (translated instanceof StoreError)
      this.#logger.error({ err: translated, votes: group.length }, 'votes could not be stored')
    for (const { reject } of group) reject(translated)
  }
}
