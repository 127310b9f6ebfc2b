import * as battleQueries from './battle-queries.ts'
import type { Engine } from './engine.ts'
import { buildExportSource } from './export-queries.ts'
import * as importQueries from './import-queries.ts'
import * as modelQueries from './model-queries.ts'
import * as promptQueries from './prompt-queries.ts'
import type { Store } from './store.ts'
import * as turnQueries from './turn-queries.ts'
import * as voteQueries from './vote-queries.ts'
import * as voterQueries from './voter-queries.ts'

/** The store of an arena, on whatever engine: the shared queries, each as one read or one atomic fact. */
export function buildStore(engine: Engine): Store {
  const { schema } = engine
  return {
    upsertModels: (models) => engine.transact((db) => modelQueries.upsertModels(db, schema, models)),
    setModelStatus: (ids, status) => engine.transact((db) => modelQueries.setModelStatus(db, schema, ids, status)),

    recordVoter: (voter) => engine.transact((db) => voterQueries.recordVoter(db, schema, voter)),
    findVoter: (tokenHash) => engine.read((db) => voterQueries.findVoter(db, schema, tokenHash)),

    importAnswers: (batch) => engine.transact((db) => promptQueries.importAnswers(db, schema, batch)),
    listPreparedPrompts: (arena) => engine.read((db) => promptQueries.listPreparedPrompts(db, schema, arena)),
    getPrompt: (id) => engine.read((db) => promptQueries.getPrompt(db, schema, id)),
    findPromptTexts: (ids) => engine.read((db) => promptQueries.findPromptTexts(db, schema, ids)),

    readImportRun: (after) => engine.read((db) => importQueries.readImportRun(db, schema, after)),
    findImported: (ids) => engine.read((db) => importQueries.findImported(db, schema, ids)),
    findSecret: (name) => engine.read((db) => importQueries.findSecret(db, schema, name)),
    keepSecret: (name, proposed, at) =>
      engine.transact((db) => importQueries.keepSecret(db, schema, { name, proposed, at })),
    importBatch: (batch) => importQueries.importBatch((work) => engine.transactBulk(work), schema, batch),

    recordBattle: (battle) => engine.transact((db) => battleQueries.recordBattle(db, schema, battle)),
    recordTurn: (turn) => engine.transact((db) => turnQueries.recordTurn(db, schema, turn)),
    endTurn: (end) => engine.transact((db) => turnQueries.endTurn(db, schema, end)),
    recordAbandonedDraw: (draw) => engine.transact((db) => battleQueries.recordAbandonedDraw(db, schema, draw)),
    findBattle: (id) => engine.read((db) => battleQueries.findBattle(db, schema, id)),
    listSeenPairs: (voterId, arena, limit) =>
      engine.read((db) => battleQueries.listSeenPairs(db, schema, { voterId, arena, limit })),
    interruptGenerations: (nodeId, at) =>
      engine.transact((db) => battleQueries.interruptGenerations(db, schema, nodeId, at)),

    recordVote: (vote) => engine.appendVote(vote),
    recordWithdrawal: (withdrawal) => engine.appendWithdrawal(withdrawal),
    findVote: (battleId, voterId) => engine.read((db) => voteQueries.findVote(db, schema, battleId, voterId)),
    readVoteLog: (cursor, limit) => engine.readVoteLog(cursor, limit),
    onVoteLogGrowth: (listener) => engine.onVoteLogGrowth(listener),

    ...buildExportSource(engine),
    listModels: () => engine.read((db) => modelQueries.listModels(db, schema)),

    checkHealth: () => engine.checkHealth(),
    backup: (file) => engine.backup(file),
    close: () => engine.close(),
  }
}
