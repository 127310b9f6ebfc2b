import type { PerSide } from '../../../contract/outcome.ts'
import { field, required } from '../column-map.ts'
import { joinDialogues, toDialogue, type Conversation, type Dialogue } from '../conversations.ts'
import type { ImportKind, ReadingContext } from '../import-kind.ts'
import { PLAIN_BATTLE, type BattleFact, type VoteFact } from '../imported-facts.ts'
import { readMessages } from '../messages.ts'
import { readWinner } from '../outcomes.ts'
import { checkText, type RecordFields } from '../record-fields.ts'
import { describeValue, Refusal } from '../refusal.ts'
import { readStyle } from '../style-counts.ts'
import { MODEL_FIELDS, readModels } from './model-pair.ts'
import { LABEL_FIELDS, readLabels } from './told-labels.ts'
import { readExclusion, readJudge, readStrength, readVoteTime } from './vote-facts.ts'

/** The version of our own vote exports that is written and read. */
const SCHEMA_VERSION = 1

/** Judgements in the layouts of public arenas, of our own exports, and as bare lists; with the texts or without. */
export const votesKind: ImportKind = {
  name: 'votes',
  fields: [
    ...MODEL_FIELDS,
    { ...required('winner', 'outcome', 'vote', 'choice', 'result', 'preference'), orElse: 'winner_model_a' },
    field('winner_model_a'),
    field('winner_model_b'),
    field('winner_tie'),
    field('voter', 'judge', 'user', 'judge_hash', 'annotator', 'worker', 'visitor_id', 'evaluation_session_id'),
    field('timestamp', 'tstamp', 'created_at', 'date'),
    field('item', 'pair_id', 'battle_id', 'question_id', 'comparison_id', 'conversation_pair_id'),
    field('turn'),
    field('conversation_a'),
    field('conversation_b'),
    field('prompt'),
    field('response_a'),
    field('response_b'),
    field('anony'),
    field('counted'),
    field('leaked'),
    field('excluded'),
    field('dedup_tag'),
    field('supersedes'),
    field('strength'),
    field('weight'),
    field('conv_metadata'),
    field('schema_version'),
    field('id'),
    field('question_id'),
    field('arena'),
    field('source'),
    ...LABEL_FIELDS,
  ],
  read: (fields, context) => [isOwn(fields) ? readOwnVote(fields) : readVote(fields, context)],
  claims: (columns) => {
    const hasModels = [...MODEL_FIELDS].every(({ aliases }) =>
      aliases.some((name) => columns.has(name.replaceAll('_', ''))),
    )
    const hasWinner = ['winner', 'winnermodela', 'outcome', 'vote', 'preference'].some((name) => columns.has(name))
    return hasModels && hasWinner && !columns.has('votes') && !isBattleRecord(columns)
  },
}

/** One prompt and two answers beside each other, without what only lists of votes have. */
function isBattleRecord(columns: ReadonlySet<string>): boolean {
  return ['prompt', 'responsea', 'responseb'].every((name) => columns.has(name)) && !columns.has('winnermodela')
}

function isOwn(fields: RecordFields): boolean {
  const version = fields.number('schema_version', 0)
  if (version === null || version === SCHEMA_VERSION) return version !== null
  throw new Refusal(
    'bad_value',
    'schema_version',
    `expected ${SCHEMA_VERSION}, got ${version}: a newer Ringside wrote this`,
  )
}

/** Written out field by field: millions of records go through here, and copying from a template takes longer. */
function readVote(fields: RecordFields, context: ReadingContext): BattleFact {
  const models = readModels(fields)
  const conversation = readConversation(fields)
  const { language, categories } = readLabels(fields)
  return {
    fact: 'battle',
    models,
    conversation,
    item: fields.optionalText('item'),
    turn: conversation?.turns.length ?? fields.whole('turn', 1) ?? 1,
    gold: null,
    votes: [readVoteFact(fields, models, context.isChosen('id') ? fields.optionalText('id') : null)],
    isSideOpen: false,
    ownId: null,
    own: null,
    language,
    categories,
  }
}

/** Everything is kept as it was: exported again, the same bytes come out. */
function readOwnVote(fields: RecordFields): BattleFact {
  const models = readModels(fields)
  const vote = readVoteFact(fields, models, fields.name('id'))
  return {
    ...PLAIN_BATTLE,
    ...readLabels(fields),
    models,
    conversation: readConversation(fields),
    turn: fields.whole('turn', 1) ?? 1,
    ownId: fields.name('question_id'),
    own: { arena: fields.name('arena'), source: fields.optionalText('source') },
    // Why a vote does not count is told by the other columns; that a later one took its place is found out again.
    votes: [
      {
        ...vote,
        excluded: fields.optionalText('excluded'),
        isLeaked: vote.isLeaked ?? false,
        replaces: fields.optionalText('supersedes'),
      },
    ],
  }
}

function readVoteFact(fields: RecordFields, models: PerSide<string>, ownId: string | null): VoteFact {
  const isBlind = fields.flag('anony') ?? true
  const isLeaked = fields.flag('leaked')
  const isUncounted = fields.flag('counted') === false && isBlind && isLeaked !== true
  return {
    outcome: readWinner(fields, models),
    judge: readJudge(fields.value('voter'), 'voter'),
    address: null,
    at: readVoteTime(fields),
    strength: readStrength(fields.value('strength'), 'strength'),
    weight: fields.number('weight', 0) ?? 1,
    isBlind,
    isLeaked,
    excluded: readExclusion(fields) ?? (isUncounted ? 'not_counted' : null),
    style: readStyle(fields),
    ownId,
    replaces: undefined,
  }
}

/** Both sides up to the judgement; what was said afterwards is cut. */
function readConversation(fields: RecordFields): Conversation | null {
  const [a, b] = [fields.value('conversation_a'), fields.value('conversation_b')]
  if (a === undefined && b === undefined) return readTextColumns(fields)
  if (a === undefined || b === undefined) {
    const missing = a === undefined ? 'conversation_a' : 'conversation_b'
    throw new Refusal('missing_field', missing, 'expected both sides of a conversation, got one')
  }
  const sides = {
    a: toDialogue(readMessages(a, 'conversation_a'), 'conversation_a'),
    b: toDialogue(readMessages(b, 'conversation_b'), 'conversation_b'),
  }
  return joinDialogues(sides.a, sides.b, fields.whole('turn', 1), 'conversation_b')
}

/** A prompt and two answers in columns; where outcomes are three columns as well, each is a list of turns. */
function readTextColumns(fields: RecordFields): Conversation | null {
  if (!fields.has('prompt') || !fields.has('response_a') || !fields.has('response_b')) return null
  const isKaggle = fields.has('winner_model_a')
  const [prompts, a, b] = ['prompt', 'response_a', 'response_b'].map((name) =>
    isKaggle ? readTurnList(fields.text(name), name) : [fields.text(name)],
  )
  const side = (answers: readonly string[] = []): Dialogue => ({
    system: null,
    turns: answers.map((answer, index) => ({ prompt: prompts?.[index] ?? '', answer })),
  })
  if (!prompts || prompts.length === 0 || a?.length !== prompts.length || b?.length !== prompts.length) {
    throw new Refusal('bad_value', 'response_b', 'expected as many answers as prompts on both sides')
  }
  return joinDialogues(side(a), side(b), null, 'response_b')
}

function readTurnList(text: string, name: string): string[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    return [text]
  }
  if (!Array.isArray(list)) return [text]
  return list.map((turn: unknown) => {
    if (turn === null) return ''
    if (typeof turn === 'string') return checkText(turn, name)
    throw new Refusal('bad_value', name, `expected a list of texts, got one with ${describeValue(turn)}`)
  })
}
