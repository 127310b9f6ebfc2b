import type { Outcome, PerSide } from '../../../contract/outcome.ts'
import { field } from '../column-map.ts'
import { joinDialogues, toDialogue, type Conversation, type Dialogue } from '../conversations.ts'
import type { ImportKind, ReadingContext, Understood } from '../import-kind.ts'
import { PLAIN_BATTLE, PLAIN_VOTE, type BattleFact, type VoteFact } from '../imported-facts.ts'
import { readMessages } from '../messages.ts'
import type { RecordFields } from '../record-fields.ts'
import { describeValue, Refusal } from '../refusal.ts'
import { MODEL_FIELDS, readModels } from './model-pair.ts'
import { ReactionScores } from './comparia-reactions.ts'
import { LABEL_FIELDS, readLabels } from './told-labels.ts'
import { readJudge, readVoteTime } from './vote-facts.ts'

/** The four sets that ComparIA publishes, told apart by their columns. */
export const compariaKind: ImportKind = {
  name: 'comparia',
  fields: [
    ...MODEL_FIELDS,
    field('chosen_model_name'),
    field('both_equal'),
    field('choice'),
    field('comparison_id'),
    field('turn'),
    field('conv_turns'),
    field('conversation_a'),
    field('conversation_b'),
    field('full_conversation_a'),
    field('full_conversation_b'),
    field('system_prompt_a'),
    field('system_prompt_b'),
    field('conversation_pair_id'),
    field('voter', 'visitor_id', 'session_hash'),
    field('timestamp', 'created_at', 'tstamp'),
    field('excluded'),
    field('refers_to_model'),
    field('model_pos'),
    field('msg_index'),
    field('msg_rank'),
    field('liked'),
    field('disliked'),
    ...LABEL_FIELDS.map((spec) =>
      spec.name === 'category' ? { ...spec, aliases: [...spec.aliases, 'selected_category'] } : spec,
    ),
  ],
  newGathering: () => new ReactionScores(),
  gather: (fields, gathering) => {
    if (gathering instanceof ReactionScores && isReaction(fields)) gathering.note(fields)
  },
  read: (fields, context) => {
    if (isReaction(fields)) return readReaction(fields, context)
    if (fields.isColumn('choice')) return readTurnChoice(fields)
    if (fields.isColumn('chosen_model_name') || fields.isColumn('both_equal')) return readComparison(fields)
    return [{ ...readPair(fields, null), votes: [] }]
  },
  claims: (columns) =>
    columns.has('chosenmodelname') ||
    (columns.has('referstomodel') && columns.has('conversationpairid')) ||
    (columns.has('comparisonid') && columns.has('choice') && columns.has('fullconversationa')) ||
    (columns.has('conversationpairid') && columns.has('conversationa') && !columns.has('winner')),
}

function isReaction(fields: RecordFields): boolean {
  return fields.isColumn('liked') && fields.isColumn('disliked') && fields.isColumn('msg_rank')
}

/** A judgement of whole conversations: a name was chosen, or both were called equal. */
function readComparison(fields: RecordFields): Understood {
  const battle = readPair(fields, fields.whole('conv_turns', 1))
  const outcome = readChosen(fields, battle.models)
  return outcome === null ? 'not_a_vote' : [{ ...battle, votes: [voteOf(fields, outcome)] }]
}

function readChosen(fields: RecordFields, models: PerSide<string>): Outcome | null {
  if (fields.flag('both_equal') === true) return 'tie'
  const chosen = fields.optionalText('chosen_model_name')
  if (chosen === null || chosen === '') return null
  if (chosen === models.a) return 'a'
  if (chosen === models.b) return 'b'
  throw new Refusal('bad_winner', 'chosen_model_name', `expected one of both models, got ${describeValue(chosen)}`)
}

const CHOICES: ReadonlyMap<string, Outcome> = new Map([
  ['a_better', 'a'],
  ['b_better', 'b'],
  ['both_good', 'tie'],
  ['both_bad', 'both_bad'],
])

/** A row for each turn, counted from 0; the conversation runs on past it. */
function readTurnChoice(fields: RecordFields): Understood {
  const choice = fields.optionalText('choice')
  if (choice === null || choice === 'idk') return 'not_a_vote'
  const outcome = CHOICES.get(choice)
  if (outcome === undefined) {
    throw new Refusal(
      'bad_winner',
      'choice',
      `expected a_better, b_better, both_good, both_bad or idk, got ${describeValue(choice)}`,
    )
  }
  const battle = readPair(fields, (fields.whole('turn', 0) ?? 0) + 1)
  const excluded = fields.flag('excluded') === true ? 'source' : null
  return [{ ...battle, votes: [{ ...voteOf(fields, outcome), excluded }] }]
}

/** Likes and dislikes of single answers; both sides together are one judgement, told by the row that comes first. */
function readReaction(fields: RecordFields, { gathering }: ReadingContext): Understood {
  if (!(gathering instanceof ReactionScores)) throw new Error('reactions are read twice')
  const judged = gathering.take(fields)
  if (judged === null) return 'not_a_vote'
  const { outcome, at, item } = judged
  const battle = readPair(fields, turnOf(fields))
  return [{ ...battle, item, votes: [{ ...voteOf(fields, outcome), at }] }]
}

/** Which answer of its side a message is. */
function turnOf(fields: RecordFields): number {
  const index = fields.whole('msg_index', 0) ?? 1
  const side = fields.optionalText('model_pos') === 'b' ? 'conversation_b' : 'conversation_a'
  if (!fields.has(side)) return Math.floor(index / 2) + 1
  const said = readMessages(fields.value(side), side).slice(0, index + 1)
  return Math.max(1, said.filter(({ role }) => role === 'assistant').length)
}

function voteOf(fields: RecordFields, outcome: Outcome): VoteFact {
  return { ...PLAIN_VOTE, outcome, judge: readJudge(fields.value('voter'), 'voter'), at: readVoteTime(fields) }
}

function readPair(fields: RecordFields, turns: number | null): BattleFact {
  const conversation = readConversation(fields, turns)
  return {
    ...PLAIN_BATTLE,
    ...readLabels(fields),
    models: readModels(fields),
    conversation,
    item: fields.optionalText('conversation_pair_id') ?? fields.optionalText('comparison_id'),
    turn: conversation?.turns.length ?? turns ?? 1,
  }
}

function readConversation(fields: RecordFields, turns: number | null): Conversation | null {
  const names = fields.has('full_conversation_a')
    ? (['full_conversation_a', 'full_conversation_b'] as const)
    : (['conversation_a', 'conversation_b'] as const)
  if (!fields.has(names[0]) || !fields.has(names[1])) return null
  const system = readSystem(fields)
  const [a, b] = names.map((name) => withSystem(toDialogue(readMessages(fields.value(name), name), name), system))
  return a && b ? joinDialogues(a, b, turns, names[1]) : null
}

/** Where each side had a system prompt of its own there is none that a battle could have. */
function readSystem(fields: RecordFields): string | null {
  const [a, b] = [fields.optionalText('system_prompt_a'), fields.optionalText('system_prompt_b')]
  return a === b && a !== '' ? a : null
}

function withSystem(dialogue: Dialogue, system: string | null): Dialogue {
  return dialogue.system === null ? { ...dialogue, system } : dialogue
}
