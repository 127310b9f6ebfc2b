import { randomBytes } from 'node:crypto'
import { VoterId } from '../../contract/ids.ts'
import type { Store } from '../../db/store.ts'
import type { Clock } from '../clock.ts'
import { newId, sha256 } from '../ids.ts'

/** Sessions remembered without asking the store. */
const CACHE_SIZE = 20_000
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{43}$/

/**
 * Anonymous voters: a random token in a cookie (or an Authorization header), of which only the hash is stored. It makes
 * a voter the same person tomorrow and says nothing about who that is.
 */
export class VoterSessions {
  readonly #store: Pick<Store, 'recordVoter' | 'findVoter'>
  readonly #clock: Clock
  readonly #known = new Map<string, VoterId>()

  constructor({ store, clock }: { store: Pick<Store, 'recordVoter' | 'findVoter'>; clock: Clock }) {
    this.#store = store
    this.#clock = clock
  }

  async open(): Promise<{ token: string; voterId: VoterId }> {
    const token = randomBytes(32).toString('base64url')
    const voterId = VoterId.parse(newId())
    await this.#store.recordVoter({ id: voterId, tokenHash: sha256(token), at: this.#clock.now() })
    return { token, voterId }
  }

  async find(token: string | undefined): Promise<VoterId | undefined> {
    if (token === undefined || !TOKEN_SHAPE.test(token)) return undefined
    const tokenHash = sha256(token)
    const known = this.#known.get(tokenHash)
    if (known) return known
    const voterId = await this.#store.findVoter(tokenHash)
    if (voterId) this.#remember(tokenHash, voterId)
    return voterId
  }

  #remember(tokenHash: string, voterId: VoterId): void {
    this.#known.set(tokenHash, voterId)
    if (this.#known.size <= CACHE_SIZE) return
    const oldest = this.#known.keys().next().value
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}
