import type { FrameHandlers } from '../realtime/connection.ts'
import type { VoteService } from './vote-service.ts'

export function voteMessages({ votes }: { votes: VoteService }): FrameHandlers {
  return {
    'vote-cast': async ({ type: _, ...vote }, connection) => {
      const recorded = await votes.cast({ ...vote, voterId: connection.voterId })
      connection.send({ type: 'vote-recorded', battleId: vote.battleId, ...recorded })
    },
    'vote-withdraw': async ({ voteId, supersedes }, connection) => {
      const { battleId } = await votes.withdraw({ voteId, supersedes, voterId: connection.voterId })
      connection.send({ type: 'vote-withdrawn', battleId, voteId, supersedes })
    },
  }
}
