import { createHmac, randomBytes } from 'node:crypto'
import type { Store } from '../../db/store.ts'
import type { BattleFact, ImportedFact } from './imported-facts.ts'

const SECRET_NAME = 'import-addresses'
const SECRET_BYTES = 32
const SHOWN_LENGTH = 16

/** Makes a judge out of an address: the same for the same address, and no way back without the secret of this arena. */
export class AddressHasher {
  readonly #secret: Uint8Array

  constructor(secret: Uint8Array) {
    this.#secret = secret
  }

  hide(fact: ImportedFact): ImportedFact {
    if (fact.fact !== 'battle' || !hasAddress(fact)) return fact
    const votes = fact.votes.map((vote) =>
      vote.address === null ? vote : { ...vote, address: null, judge: vote.judge ?? this.#hash(vote.address) },
    )
    return { ...fact, votes }
  }

  #hash(address: string): string {
    return createHmac('sha256', this.#secret).update(address).digest('hex').slice(0, SHOWN_LENGTH)
  }
}

export function hasAddress({ votes }: BattleFact): boolean {
  return votes.some(({ address }) => address !== null)
}

export async function makeAddressHasher(store: Pick<Store, 'keepSecret'>, at: number): Promise<AddressHasher> {
  return new AddressHasher(await store.keepSecret(SECRET_NAME, randomBytes(SECRET_BYTES), at))
}

/** Without writing: where there is no secret, nothing that was hashed with it can be there either. */
export async function findAddressHasher(store: Pick<Store, 'findSecret'>): Promise<AddressHasher> {
  return new AddressHasher((await store.findSecret(SECRET_NAME)) ?? randomBytes(SECRET_BYTES))
}
