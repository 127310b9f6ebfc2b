import type pg from 'pg'
import type { BattleRow, BulkWriter } from '../engine.ts'
import type { ImportedVote } from '../import-sink.ts'
import { markOf, type ImportedEntry } from '../imported-entries.ts'
import type { Database } from '../sqlite/kit.ts'
import { VOTE_LOG_CHANNEL } from './vote-statements.ts'

const BATTLES = {
  name: 'insert-battles',
  text: `INSERT INTO battles (id, arena, kind, voter_id, model_a, model_b, status, language, categories, identity_leaked,
      turn, generation, node_id, prompt_id, answer_a, answer_b, created_at, source, system, gold)
    SELECT * FROM json_to_recordset($1) AS battle(id text, arena text, kind text, "voterId" text, "modelA" text,
      "modelB" text, status text, language text, categories jsonb, "identityLeaked" bool, turn int, generation int,
      "nodeId" text, "promptId" text, "answerA" text, "answerB" text, "createdAt" int8, source text, system text,
      gold text)
    ON CONFLICT DO NOTHING RETURNING id`,
}

const ENTRIES = {
  name: 'append-imported-entries',
  text: `INSERT INTO vote_log (id, kind, battle_id, voter_id, revision, arena, model_a, model_b, turn, generation, outcome,
      mark, supersedes, language, categories, at, source, judge, excluded, leaked, replaces, strength, weight,
      style)
    SELECT * FROM json_to_recordset($1) AS entry(id text, kind text, "battleId" text, "voterId" text, revision int,
      arena text, "modelA" text, "modelB" text, turn int, generation int, outcome text, mark text, supersedes text,
      language text, categories text, at int8, source text, judge text, excluded text, leaked bool, replaces text, strength int,
      weight float8, style text)`,
}

const BARE_ENTRIES = {
  name: 'append-bare-entries',
  text: `INSERT INTO vote_log (id, kind, voter_id, revision, arena, model_a, model_b, turn, generation, outcome,
      mark, language, categories, at, source, judge, excluded, leaked, strength, weight, style)
    SELECT id, 'vote', "voterId", 1, arena, models ->> 'a', models ->> 'b', turn, 1, outcome, mark, language,
      "categoryText", at, source, judge, excluded, "isLeaked", strength, weight, "styleText"
    FROM json_to_recordset($1) AS vote(id text, "voterId" text, arena text, models json, turn int, outcome text, mark text,
      language text, "categoryText" text, at int8, source text, judge text, excluded text, "isLeaked" bool, strength int,
      weight float8, "styleText" text)`,
}

/** Writes battles and votes by the ten thousand, each kind in one statement. */
export function buildBulkWriter(client: pg.ClientBase, db: Database): BulkWriter {
  return {
    db,
    insertBattles: async (battles) => {
      const rows = battles.map(({ categories, ...battle }) => ({ ...battle, categories: parseCategories(categories) }))
      const inserted = await client.query<Pick<BattleRow, 'id'>>({ ...BATTLES, values: [JSON.stringify(rows)] })
      return new Set(inserted.rows.map(({ id }) => id))
    },
    appendEntries: async (entries: readonly ImportedEntry[]) => {
      await client.query({ ...ENTRIES, values: [JSON.stringify(entries)] })
      await client.query(`NOTIFY ${VOTE_LOG_CHANNEL}`)
    },
    appendBare: async (votes: readonly ImportedVote[]) => {
      const rows = JSON.stringify(
        votes.map((vote) => ({
          ...vote,
          mark: markOf(vote),
          categoryText: JSON.stringify(vote.categories),
          styleText: vote.style === null ? null : JSON.stringify(vote.style),
        })),
      )
      await client.query({ ...BARE_ENTRIES, values: [rows] })
      await client.query(`NOTIFY ${VOTE_LOG_CHANNEL}`)
    },
  }
}

/** It goes into the statement as part of one JSON text. */
function parseCategories(json: string): unknown {
  return JSON.parse(json)
}
