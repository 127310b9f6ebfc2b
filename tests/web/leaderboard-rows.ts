import type { Leaderboard, LeaderboardRow } from '../../contract/leaderboard.ts'

/** A row with an interval of ±10 points and enough votes for a rank, unless said otherwise. */
export function row(model: string, rating: number, other: Partial<LeaderboardRow> = {}): LeaderboardRow {
  return {
    rank: 1,
    rankLower: 1,
    rankUpper: 1,
    model,
    rating,
    se: 5.1,
    lower: rating - 10,
    upper: rating + 10,
    votes: 400,
    rankArena: 1,
    wins: 200,
    losses: 150,
    ties: 40,
    bothBad: 10,
    winRate: 0.5625,
    elo: rating - 3,
    preliminary: false,
    provisional: 'none',
    component: 0,
    organization: null,
    license: null,
    sample: false,
    ...other,
  }
}

export function board(rows: LeaderboardRow[], other: Partial<Leaderboard> = {}): Leaderboard {
  return {
    arena: 'text',
    category: 'overall',
    version: 1,
    method: 'bt',
    votes: 800,
    notCounted: { identityLeaked: 0, revealed: 0, withdrawn: 0, excluded: 0 },
    logCursor: '800',
    lastVoteAt: '2026-11-24T14:02:07.000Z',
    converged: true,
    components: 1,
    sampleOnly: false,
    categories: [
      { category: 'overall', votes: 800 },
      { category: 'language-ru', votes: 300 },
      { category: 'coding', votes: 120 },
    ],
    rows,
    ...other,
  }
}
