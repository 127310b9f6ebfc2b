import { appendFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { VoterId, BattleId, VoteId, AnswerId } from '../../contract/ids.ts'
import { openStore } from '../../db/open-store.ts'
import { StoreError } from '../../db/store.ts'
import { answerOf, battleOf, modelOf, NOON, turnEndOf, voteOn } from './arena-facts.ts'

/*
 * A process that votes as fast as it can until it is killed or has cast what it was asked for, and writes down every
 * vote when it sends it and when it is acknowledged: `voting-process DATA_DIR LEDGER VOTES VOTERS`.
 * Refusals are written down by their reason, and what the store says of itself at the end.
 */
const [dataDir = '', ledger = '', votes = '0', voters = '1'] = process.argv.slice(2)
const note = (line: string) => appendFileSync(ledger, `${line}\n`)
const unique = (kind: string) => `${kind}-${randomBytes(9).toString('base64url')}`

const store = await openStore({ dataDir, databaseUrl: process.env.DATABASE_URL, nodeId: 'voting' })
const all = await store.upsertModels([modelOf('owl'), modelOf('fox')])
const [a, b] = [all[0]?.id, all[1]?.id]
if (!a || !b) throw new Error('the models were not stored')
let left = Number(votes)
note('ready')
await Promise.all(Array.from({ length: Number(voters) }, () => voteUntilDone({ a, b })))
const { writable, needsRestart } = await store.checkHealth()
note(`health ${writable ? 'writable' : 'not-writable'} ${needsRestart ? 'needs-restart' : 'goes-on'}`)
await store.close()

async function voteUntilDone(models: { a: typeof a & string; b: typeof b & string }): Promise<void> {
  const voterId = VoterId.parse(unique('voter'))
  await attempt('voter', () => store.recordVoter({ id: voterId, tokenHash: unique('hash'), at: NOON }))
  while (left > 0) {
    left -= 1
    const battle = battleOf({ models, voterId }, { id: BattleId.parse(unique('battle')) })
    const answers = {
      a: { ...answerOf('yes'), id: AnswerId.parse(unique('answer')) },
      b: { ...answerOf('no'), id: AnswerId.parse(unique('answer')) },
    }
    const isReady =
      (await attempt(`battle ${battle.id}`, () => store.recordBattle(battle))) &&
      (await attempt(`end ${battle.id}`, () => store.endTurn(turnEndOf(battle, { answers }))))
    if (!isReady) continue
    const vote = voteOn(battle, 'a', { id: VoteId.parse(unique('vote')) })
    note(`sent ${vote.id}`)
    await attempt(vote.id, async () => {
      const { kind } = await store.recordVote(vote)
      note(`${kind === 'recorded' ? 'acknowledged' : kind} ${vote.id}`)
    })
  }
}

/** False when the store refused; a disk that is full or broken must not turn into a loop without a pause. */
async function attempt(what: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    note(`refused-${error.reason} ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
    return false
  }
}
