import { existsSync, readFileSync } from 'node:fs'
import { OUTCOME_CODES } from '../../../ranking/outcome.ts'
import type { PairCounts } from '../../../ranking/pair-counts.ts'
import type { StyleFeature } from '../../../ranking/style-features.ts'
import type { VoteColumns } from '../../../ranking/vote-columns.ts'

const folder = new URL('../../../../shared/data/', import.meta.url)

/** Real votes and reference figures lie beside the project, not in it. */
export const hasReferenceData = existsSync(new URL('reference/arena2024.json', folder))

/** Figures of one board, index-aligned with `models`. */
export interface ReferenceBoard {
  n_votes: number
  models: string[]
  elo: number[]
  se_sandwich_elo: number[]
  se_model_elo: number[]
  se_cluster_judge_elo: number[]
  se_cluster_pair_id_elo: number[]
  rank_ub: number[]
  rank_interval_worst: number[]
  elo_ipw50: number[]
  se_ipw50_elo: number[]
  davidson_elo: number[]
  davidson_nu: number
  davidson_nll: number
  raokupper_elo: number[]
  raokupper_eta: number
  raokupper_nll: number
}

export interface ReferenceFigures {
  all: ReferenceBoard
  by_category: Record<string, ReferenceBoard>
  online_elo_k4: number[]
  position_bias_logit: [number, number]
  style: { elo: number[]; coefs: number[]; se_elo: number[]; se_coefs: number[] }
}

export function referenceFigures(name: 'arena2024' | 'llmfao_crowd' | 'synthA'): ReferenceFigures {
  return JSON.parse(readFileSync(new URL(`reference/${name}.json`, folder), 'utf8'))
}

function csv(name: string): string[][] {
  const lines = readFileSync(new URL(name, folder), 'utf8').trim().split(/\r?\n/)
  return lines.slice(1).map((line) => line.split(','))
}

const WINNERS: Record<string, number> = {
  model_a: OUTCOME_CODES.a,
  model_b: OUTCOME_CODES.b,
  tie: OUTCOME_CODES.tie,
  'tie (bothbad)': OUTCOME_CODES.both_bad,
}

/** Numbers names in order of first sight. */
function numbering(): { of: (name: string) => number } {
  const numbers = new Map<string, number>()
  return {
    of: (name) => {
      const known = numbers.get(name) ?? numbers.size
      numbers.set(name, known)
      return known
    },
  }
}

export interface LabelledVotes {
  votes: VoteColumns
  judge: Int32Array
  item: Int32Array
  category: Int32Array
  categories: string[]
}

/** 8,931 crowd votes; models are numbered as in the reference figures. */
export function crowdVotes(models: readonly string[]): LabelledVotes {
  const rows = csv('llmfao_crowd_votes.csv')
  const column = (k: number) => rows.map((row) => row[k] ?? '')
  const judges = numbering()
  const items = numbering()
  const categories = [...new Set(column(1))]
  return {
    votes: {
      models: models.length,
      length: rows.length,
      a: Uint16Array.from(column(3), (name) => models.indexOf(name)),
      b: Uint16Array.from(column(4), (name) => models.indexOf(name)),
      outcome: Uint8Array.from(column(5), (winner) => WINNERS[winner] ?? Number.NaN),
    },
    judge: Int32Array.from(column(2), judges.of),
    item: Int32Array.from(column(0), items.of),
    category: Int32Array.from(column(1), (name) => categories.indexOf(name)),
    categories,
  }
}

/** 1,670,250 real votes as pair counts. */
export function arenaPairs(models: readonly string[]): PairCounts {
  const rows = csv('chatbot_arena_20240814_pairs.csv')
  const names = (k: number) => Int32Array.from(rows, (row) => models.indexOf(row[k] ?? ''))
  const counts = (k: number) => Float64Array.from(rows, (row) => Number(row[k]))
  return {
    models: models.length,
    length: rows.length,
    a: names(0),
    b: names(1),
    winsA: counts(2),
    winsB: counts(3),
    ties: counts(4),
    bothBad: counts(5),
  }
}

interface GeneratedVotes {
  a: Uint16Array
  b: Uint16Array
  win: Uint8Array
  cat: Uint8Array
  judge: Uint32Array
  fa: Int32Array
  fb: Int32Array
  n: number
  m: number
}

export interface SyntheticVotes {
  votes: VoteColumns
  judge: Int32Array
  category: Int32Array
  features: StyleFeature[]
}

/** Deterministic synthetic votes A (100 models, 200,000 votes) or B (300 models, 2,000,000 votes). */
export async function syntheticVotes(name: 'A' | 'B'): Promise<SyntheticVotes> {
  const { gen } = (await import(new URL('synth.mjs', folder).href)) as { gen: (name: string) => GeneratedVotes }
  const { a, b, win, cat, judge, fa, fb, n, m } = gen(name)
  const feature = (values: Int32Array, k: number) => Int32Array.from({ length: n }, (_, v) => values[4 * v + k] ?? 0)
  return {
    votes: { models: m, length: n, a, b, outcome: win },
    judge: Int32Array.from(judge),
    category: Int32Array.from(cat),
    features: ['length', 'headers', 'lists', 'bold'].map((label, k) => ({
      name: label,
      a: feature(fa, k),
      b: feature(fb, k),
    })),
  }
}

/** The votes behind {@link arenaPairs} in the order that the reference's online Elo refers to. */
export async function arenaVotes(models: readonly string[]): Promise<VoteColumns> {
  const { expandArena } = (await import(new URL('expand_arena.mjs', folder).href)) as {
    expandArena: (path: URL) => Pick<GeneratedVotes, 'a' | 'b' | 'win' | 'n'> & { models: string[] }
  }
  const arena = expandArena(new URL('chatbot_arena_20240814_pairs.csv', folder))
  const number = arena.models.map((model) => models.indexOf(model))
  const renumbered = (column: Uint16Array) => column.map((model) => number[model] ?? 0)
  return {
    models: models.length,
    length: arena.n,
    a: renumbered(arena.a),
    b: renumbered(arena.b),
    outcome: arena.win,
  }
}
