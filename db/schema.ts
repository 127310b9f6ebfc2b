import type { AnswerId, BattleId, ModelId, PromptId, VoteId, VoterId } from '../contract/ids.ts'
import { OUTCOMES, SIDES } from '../contract/outcome.ts'
import type { SchemaKit } from './sqlite/kit.ts'
import type { ModelEndpoint, PromptContext } from './store.ts'

const TURN_STATUSES = ['streaming', 'ready', 'failed', 'interrupted'] as const
const FINISHES = ['stop', 'length', 'stopped', 'failed'] as const
const MARKS = ['identity-leaked', 'revealed'] as const

/** Every table of the arena, declared once; an engine builds its own schema by passing its kit. */
export function defineSchema(kit: SchemaKit) {
  const oneOf = (values: readonly string[]) => kit.sql.raw(values.map((value) => `'${value}'`).join(', '))

  const models = kit.table('models', {
    id: kit.id<ModelId>('id').primaryKey(),
    name: kit.id('name').notNull().unique('models_name_unique'),
    organization: kit.text('organization'),
    license: kit.text('license'),
    endpoint: kit.json<ModelEndpoint>('endpoint'),
    weight: kit.real('weight').notNull(),
    price: kit.json<{ input: number; output: number }>('price'),
    modalities: kit.json<string[]>('modalities').notNull(),
    sample: kit.flag('sample').notNull(),
    status: kit.choice('status', ['active', 'paused']).notNull(),
    createdAt: kit.instant('created_at').notNull(),
    updatedAt: kit.instant('updated_at').notNull(),
  })

  const voters = kit.table('voters', {
    id: kit.id<VoterId>('id').primaryKey(),
    tokenHash: kit.id('token_hash').notNull().unique('voters_token_hash_unique'),
    createdAt: kit.instant('created_at').notNull(),
  })

  const prompts = kit.table(
    'prompts',
    {
      id: kit.id<PromptId>('id').primaryKey(),
      arena: kit.id('arena').notNull(),
      key: kit.id('key').notNull(),
      text: kit.text('text').notNull(),
      language: kit.text('language').notNull(),
      categories: kit.json<string[]>('categories').notNull(),
      source: kit.text('source').notNull(),
      createdAt: kit.instant('created_at').notNull(),
      /** Said to the models before the prompt; null when nothing was. */
      system: kit.text('system'),
      /** What was said before the prompt, of a prompt that goes on a conversation. */
      context: kit.json<PromptContext>('context'),
    },
    (prompt) => [kit.uniqueIndex('prompts_arena_key_unique').on(prompt.arena, prompt.key)],
  )

  const preparedAnswers = kit.table(
    'prepared_answers',
    {
      id: kit.id<AnswerId>('id').primaryKey(),
      promptId: kit
        .id<PromptId>('prompt_id')
        .notNull()
        .references(() => prompts.id),
      key: kit.id('key').notNull(),
      modelId: kit
        .id<ModelId>('model_id')
        .notNull()
        .references(() => models.id),
      text: kit.text('text').notNull(),
      identityLeaked: kit.flag('identity_leaked').notNull(),
      createdAt: kit.instant('created_at').notNull(),
    },
    (answer) => [kit.uniqueIndex('prepared_answers_prompt_key_unique').on(answer.promptId, answer.key)],
  )

  const battles = kit.table(
    'battles',
    {
      id: kit.id<BattleId>('id').primaryKey(),
      arena: kit.id('arena').notNull(),
      kind: kit.choice('kind', ['live', 'prepared', 'imported']).notNull(),
      voterId: kit
        .id<VoterId>('voter_id')
        .notNull()
        .references(() => voters.id),
      modelA: kit
        .id<ModelId>('model_a')
        .notNull()
        .references(() => models.id),
      modelB: kit
        .id<ModelId>('model_b')
        .notNull()
        .references(() => models.id),
      status: kit.choice('status', TURN_STATUSES).notNull(),
      language: kit.text('language').notNull(),
      categories: kit.json<string[]>('categories').notNull(),
      identityLeaked: kit.flag('identity_leaked').notNull(),
      /** The latest turn and its latest generation: what a vote must name. */
      turn: kit.whole('turn').notNull(),
      generation: kit.whole('generation').notNull(),
      nodeId: kit.text('node_id').notNull(),
      promptId: kit.id<PromptId>('prompt_id').references(() => prompts.id),
      answerA: kit.id<AnswerId>('answer_a').references(() => preparedAnswers.id),
      answerB: kit.id<AnswerId>('answer_b').references(() => preparedAnswers.id),
      createdAt: kit.instant('created_at').notNull(),
      /** Label of the import that brought the battle; null for what happened here. */
      source: kit.text('source'),
      system: kit.text('system'),
      /** The judgement known to be right, of a battle that checks assessors. */
      gold: kit.choice('gold', OUTCOMES),
    },
    (battle) => [
      // For whom has been shown which pair; the millions of battles without texts that an import brings are not asked for.
      kit
        .index('battles_voter_created_index')
        .on(battle.voterId, battle.createdAt)
        .where(kit.sql`${battle.promptId} is not null`),
      kit
        .index('battles_streaming_index')
        .on(battle.nodeId)
        .where(kit.sql`${battle.status} = 'streaming'`),
      kit.check('battles_status_known', kit.sql`${battle.status} in (${oneOf(TURN_STATUSES)})`),
      kit.check('battles_two_models', kit.sql`${battle.modelA} <> ${battle.modelB}`),
    ],
  )

  /** Every generation of every turn of a battle, except where one turn of existing answers is kept in `prompts`. */
  const battleTurns = kit.table(
    'battle_turns',
    {
      battleId: kit
        .id<BattleId>('battle_id')
        .notNull()
        .references(() => battles.id),
      turn: kit.whole('turn').notNull(),
      generation: kit.whole('generation').notNull(),
      prompt: kit.text('prompt').notNull(),
      status: kit.choice('status', TURN_STATUSES).notNull(),
      failure: kit.text('failure'),
      nodeId: kit.text('node_id').notNull(),
      startedAt: kit.instant('started_at').notNull(),
      endedAt: kit.instant('ended_at'),
    },
    (turn) => [
      kit.primaryKey({ name: 'battle_turns_pk', columns: [turn.battleId, turn.turn, turn.generation] }),
      kit.check('battle_turns_status_known', kit.sql`${turn.status} in (${oneOf(TURN_STATUSES)})`),
    ],
  )

  const generatedAnswers = kit.table(
    'generated_answers',
    {
      battleId: kit.id<BattleId>('battle_id').notNull(),
      turn: kit.whole('turn').notNull(),
      generation: kit.whole('generation').notNull(),
      side: kit.choice('side', SIDES).notNull(),
      id: kit.id<AnswerId>('id').notNull().unique('generated_answers_id_unique'),
      modelId: kit
        .id<ModelId>('model_id')
        .notNull()
        .references(() => models.id),
      text: kit.text('text').notNull(),
      reasoning: kit.text('reasoning').notNull(),
      finish: kit.choice('finish', FINISHES).notNull(),
      promptTokens: kit.whole('prompt_tokens'),
      completionTokens: kit.whole('completion_tokens'),
      firstTokenMs: kit.real('first_token_ms'),
      totalMs: kit.real('total_ms').notNull(),
    },
    (answer) => [
      kit.primaryKey({
        name: 'generated_answers_pk',
        columns: [answer.battleId, answer.turn, answer.generation, answer.side],
      }),
      kit.foreignKey({
        name: 'generated_answers_turn_fk',
        columns: [answer.battleId, answer.turn, answer.generation],
        foreignColumns: [battleTurns.battleId, battleTurns.turn, battleTurns.generation],
      }),
      kit.check('generated_answers_side_known', kit.sql`${answer.side} in (${oneOf(SIDES)})`),
    ],
  )

  const abandonedDraws = kit.table(
    'abandoned_draws',
    {
      battleId: kit
        .id<BattleId>('battle_id')
        .notNull()
        .references(() => battles.id),
      turn: kit.whole('turn').notNull(),
      side: kit.choice('side', SIDES).notNull(),
      modelId: kit
        .id<ModelId>('model_id')
        .notNull()
        .references(() => models.id),
      at: kit.instant('at').notNull(),
      reason: kit.text('reason').notNull(),
      attempts: kit.whole('attempts').notNull(),
    },
    (draw) => [
      /** The instant is part of the key, so that the same fact told twice is one row. */
      kit.primaryKey({
        name: 'abandoned_draws_pk',
        columns: [draw.battleId, draw.turn, draw.side, draw.modelId, draw.at],
      }),
      kit.check('abandoned_draws_side_known', kit.sql`${draw.side} in (${oneOf(SIDES)})`),
    ],
  )

  /**
   * Append-only. `revision` counts the entries of one voter on one battle from 1: odd ones are votes, even ones take
   * the vote before them back. Its uniqueness is what makes a second vote impossible, whoever asks at the same moment.
   * What a leaderboard must know of the battle is copied: the log can be read alone, in one pass.
   */
  const voteLog = kit.table(
    'vote_log',
    {
      ...kit.logOrder(),
      id: kit.id<VoteId>('id').notNull().unique('vote_log_id_unique'),
      kind: kit.choice('kind', ['vote', 'withdrawal']).notNull(),
      /** Null for a bare vote: nothing is known of its battle but what stands here, and its id is the vote's. */
      battleId: kit.id<BattleId>('battle_id').references(() => battles.id),
      voterId: kit.id<VoterId>('voter_id').notNull(),
      revision: kit.whole('revision').notNull(),
      arena: kit.id('arena').notNull(),
      modelA: kit.id<ModelId>('model_a').notNull(),
      modelB: kit.id<ModelId>('model_b').notNull(),
      turn: kit.whole('turn').notNull(),
      generation: kit.whole('generation').notNull(),
      outcome: kit.choice('outcome', OUTCOMES).notNull(),
      mark: kit.choice('mark', MARKS),
      supersedes: kit.id<VoteId>('supersedes'),
      language: kit.text('language').notNull(),
      /** JSON, kept as text: it travels from the battle to the reader without being parsed on the way. */
      categories: kit.text('categories').notNull(),
      at: kit.instant('at').notNull(),
      /** Label of the import that brought the entry, and with it the facts below; null for what was cast here. */
      source: kit.text('source'),
      /** The voter's name where the vote was cast, as it came. */
      judge: kit.text('judge'),
      /** Why an imported vote is on no board, beside the mark. */
      excluded: kit.text('excluded'),
      leaked: kit.flag('leaked'),
      /** The vote whose place it takes, when it came with that name. */
      replaces: kit.id<VoteId>('replaces'),
      strength: kit.whole('strength'),
      weight: kit.real('weight'),
      /** Style counts of the conversation that came with the vote, as JSON text. */
      style: kit.text('style'),
    },
    (entry) => [
      kit
        .uniqueIndex('vote_log_revision_unique')
        .on(entry.battleId, entry.voterId, entry.revision)
        .where(kit.sql`${entry.battleId} is not null`),
      // Voters of imports take nothing back here, and their names come in no order that an index would like.
      kit
        .index('vote_log_voter_index')
        .on(entry.voterId, entry.position)
        .where(kit.sql`${entry.source} is null`),
      ...kit.logOrderIndexes(entry),
      kit.check('vote_log_outcome_known', kit.sql`${entry.outcome} in (${oneOf(OUTCOMES)})`),
      kit.check('vote_log_mark_known', kit.sql`${entry.mark} in (${oneOf(MARKS)})`),
      kit.check('vote_log_kind_known', kit.sql`(${entry.kind} = 'withdrawal') = (${entry.supersedes} is not null)`),
      kit.check('vote_log_revision_counts', kit.sql`${entry.revision} >= 1`),
    ],
  )

  /**
   * One row per batch of an import that stored something, in the order in which they were. The keys of the votes in it
   * lie in one piece: an index over millions of hashes would cost more than the votes themselves.
   */
  const importRuns = kit.table('import_runs', {
    position: kit.whole('position').primaryKey(),
    /** Tells the importer that asks again whether it was its own batch. */
    token: kit.id('token').notNull(),
    arena: kit.id('arena').notNull(),
    source: kit.text('source').notNull(),
    keys: kit.bytes('keys').notNull(),
    at: kit.instant('at').notNull(),
  })

  /** Random bytes that this installation made for itself, to hash what it must recognise and must not know. */
  const secrets = kit.table('secrets', {
    name: kit.id('name').primaryKey(),
    value: kit.bytes('value').notNull(),
    createdAt: kit.instant('created_at').notNull(),
  })

  return {
    models,
    voters,
    prompts,
    preparedAnswers,
    battles,
    battleTurns,
    generatedAnswers,
    abandonedDraws,
    voteLog,
    importRuns,
    secrets,
  }
}

export type Schema = ReturnType<typeof defineSchema>
