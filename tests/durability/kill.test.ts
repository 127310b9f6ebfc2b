import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openVoteLogReader } from '../../db/open-store.ts'
import type { LoggedVote } from '../../db/store.ts'
import { ArenaClient, clientId } from '../support/arena-client.ts'
import { pause, ServerProcess } from '../support/server-process.ts'

const KILLS = 20
const VOTES = 5_000
const CLIENTS = 24
const OUTCOMES = ['a', 'b', 'tie', 'both_bad'] as const

/** What the clients know: written when a vote is sent and when it is acknowledged. */
interface Ledger {
  readonly sent: Set<string>
  readonly acknowledged: Map<string, string>
  /** Votes whose first answer never came and that were sent again with the same id. */
  resent: number
  refused: string[]
}

/** One voter who goes on through every crash: a vote without an answer is sent again with its id until there is one. */
async function keepVoting(server: ServerProcess, ledger: Ledger, isOver: () => boolean): Promise<void> {
  let client: ArenaClient | undefined
  let open:
    | { voteId: string; battle: Awaited<ReturnType<ArenaClient['start']>>; outcome: (typeof OUTCOMES)[number] }
    | undefined
  while (!isOver() || open) {
    try {
      client ??= await ArenaClient.join(server.url)
      if (!open) {
        const battle = await withinASecond(client.start())
        open = { voteId: clientId(), battle, outcome: OUTCOMES[ledger.sent.size % 4] ?? 'a' }
      } else {
        ledger.resent += 1
      }
      ledger.sent.add(open.voteId)
      const { vote } = await withinASecond(client.vote(open.battle, open.outcome, open.voteId))
      ledger.acknowledged.set(vote.voteId, vote.outcome)
      open = undefined
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (/^(vote|battle|request|store)\//.test(message)) ledger.refused.push(message)
      client = await reconnected(client, server.url)
    }
  }
  client?.drop()
}

/** The same voter on a new socket; a voter who never got in tries again as a new one. */
async function reconnected(client: ArenaClient | undefined, url: string): Promise<ArenaClient | undefined> {
  client?.drop()
  await pause(20)
  try {
    return client ? await client.secondTab() : await ArenaClient.join(url)
  } catch {
    return client
  }
}

function withinASecond<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {})
  return Promise.race([promise, pause(1_000).then(() => Promise.reject(new Error('no answer within a second')))])
}

async function readLog(dataDir: string): Promise<LoggedVote[]> {
  const reader = await openVoteLogReader({ dataDir, databaseUrl: '' })
  const entries: LoggedVote[] = []
  for (let cursor: string | null = null; ;) {
    const page = await reader.readVoteLog(cursor, 5_000)
    entries.push(...page.entries)
    cursor = page.cursor
    if (page.entries.length === 0) break
  }
  await reader.close()
  return entries
}

test(
  `${KILLS} kills in a storm of ${VOTES} votes lose no acknowledged vote and double none`,
  { timeout: 420_000 },
  async () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const dataDir = await mkdtemp(join(tmpdir(), 'ringside-kill-'))
    const server = await ServerProcess.create({ DATA_DIR: dataDir, SAMPLE_ARENA: 'on', VOTES_PER_MINUTE: '1000000' })
    const ledger: Ledger = { sent: new Set(), acknowledged: new Map(), resent: 0, refused: [] }
    let kills = 0
    try {
      await server.start()
      const isOver = () => kills >= KILLS && ledger.acknowledged.size >= VOTES
      const voters = Promise.all(Array.from({ length: CLIENTS }, () => keepVoting(server, ledger, isOver)))
      let random = seed
      while (kills < KILLS) {
        // Votes of this life before the kill: a random share around what brings all of them to the total.
        random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0
        const until = ledger.acknowledged.size + ((VOTES / KILLS) * (0.5 + random / 2 ** 32)) / 1
        while (ledger.acknowledged.size < until) await pause(1)
        await server.stop('SIGKILL')
        kills += 1
        await server.start()
      }
      await voters
      await server.stop('SIGTERM')

      const log = await readLog(dataDir)
      const found = new Map(log.map((entry) => [entry.id as string, entry.outcome]))
      const lost = [...ledger.acknowledged].filter(([id, outcome]) => found.get(id) !== outcome)
      const ghosts = [...found.keys()].filter((id) => !ledger.sent.has(id))
      console.log(
        `seed ${seed} kills ${kills} sent ${ledger.sent.size} acknowledged ${ledger.acknowledged.size} found ${log.length} resent ${ledger.resent} lost ${lost.length} ghosts ${ghosts.length} refused ${ledger.refused.length}`,
      )
      expect(ledger.acknowledged.size).toBeGreaterThanOrEqual(VOTES)
      expect(lost).toEqual([])
      expect(ghosts).toEqual([])
      expect(log.length).toBe(found.size)
      expect(ledger.refused.filter((code) => code !== 'request/too-many')).toEqual([])
      // Every battle was voted on once by its voter, whatever was sent twice.
      expect(new Set(log.map(({ battleId, voterId }) => `${battleId} ${voterId}`)).size).toBe(log.length)
    } finally {
      await server.stop('SIGKILL')
      await rm(dataDir, { recursive: true, force: true })
    }
  },
)
