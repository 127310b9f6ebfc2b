import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { OUTCOMES } from '../../../contract/outcome.ts'
import { openExportSource, openStore } from '../../../db/open-store.ts'
import type { Store } from '../../../db/store.ts'
import { BoardKeeper } from '../../../server/leaderboard/board-keeper.ts'
import { runRank } from '../../../server/rank-file/rank-command.ts'
import { modelOf, readLog, readyBattle, recordVoter, voteOn, withdrawalOf } from '../../db/arena-facts.ts'
import { makeScratchFolder } from '../../support/scratch-folder.ts'
import { run } from './command-line.ts'

const scratch = makeScratchFolder()
const location = { dataDir: join(scratch.path, 'data'), databaseUrl: undefined }
const BATTLES = 300
let store: Store

/** The same arena every time: five models of different strength, eight voters, some votes that do not count. */
beforeAll(async () => {
  store = await openStore({ ...location, nodeId: 'node-one' })
  const models = await store.upsertModels(['owl', 'fox', 'elk', 'ram', 'hare'].map((name) => modelOf(name)))
  const voters = await Promise.all(Array.from({ length: 8 }, () => recordVoter(store)))
  for (let number = 0; number < BATTLES; number += 1) {
    const [a, b] = [models[number % 5], models[(number + 1 + (number % 4)) % 5]]
    const voterId = voters[(number * 7) % 8]
    if (!a || !b || !voterId) throw new Error('the arena is not complete')
    const arena = { store, models: { a: a.id, b: b.id }, voterId }
    const battle = await readyBattle(
      arena,
      {},
      {
        models: arena.models,
        identityLeaked: number % 11 === 0,
        categories: ['language-en', number % 3 === 0 ? 'coding' : 'chat'],
      },
    )
    const outcome = OUTCOMES[(number * number + (number % 7)) % 4] ?? 'a'
    const vote = voteOn(battle, outcome, { at: 2_000_000_000_000 + number * 60_000 })
    await store.recordVote(vote)
    if (number % 13 === 0) await store.recordWithdrawal(withdrawalOf(vote))
    if (number % 26 === 0) await store.recordVote(voteOn(battle, 'b', { at: vote.at + 30_000 }))
  }
})
afterAll(async () => {
  await store.close()
  scratch.remove()
})

const Row = z.object({
  model: z.string(),
  rank: z.int(),
  rating: z.number(),
  se: z.number(),
  lower: z.number(),
  upper: z.number(),
  votes: z.int(),
})

async function boardOfLog(category: string) {
  const { entries: length } = await store.findLogEnd()
  const keeper = new BoardKeeper()
  keeper.replaceModels(await store.listModels())
  keeper.fold(await readLog(store, length), null)
  const boards = keeper.refit().boards
  return z.array(Row).parse(boards.find((board) => board.category === category)?.rows)
}

function collector() {
  const seen = { text: '' }
  return { seen, write: (text: string) => (seen.text += text) }
}

async function rankFile(file: string, ...options: string[]) {
  const [stdout, stderr] = [collector(), collector()]
  const code = await runRank([file, '--json', ...options], { stdout, stderr })
  expect({ code, stderr: stderr.seen.text }).toEqual({ code: 0, stderr: '' })
  return z.array(Row).parse(JSON.parse(stdout.seen.text))
}

describe('the votes of an arena, exported beside its open store', () => {
  test.each(['votes.jsonl', 'votes.jsonl.gz', 'votes.csv', 'votes.parquet'])(
    '%s ranks to the same board, to the last digit',
    async (name) => {
      const file = join(scratch.path, name)
      expect(await run(await openExportSource(location), ['votes', '--output', file])).toMatchObject({ code: 0 })
      const overall = await boardOfLog('overall')
      expect(overall).toHaveLength(5)
      expect(await rankFile(file)).toEqual(overall)
      expect(await rankFile(file, '--category', 'coding')).toEqual(await boardOfLog('coding'))
    },
  )
})
