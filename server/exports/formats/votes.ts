import type { Outcome, Side } from '../../../contract/outcome.ts'
import type { ConversationMetadata, VoteOnBattle } from '../../../db/store.ts'
import {
  BOOLEAN,
  column,
  DOUBLE,
  INSTANT,
  INT,
  listOf,
  MESSAGES,
  nullable,
  STRING,
  structOf,
  type Cell,
  type Row,
} from '../columns.ts'
import type { ConversationText } from '../conversation-text.ts'
import { describeStyle } from '../conversation-style.ts'
import { wholeConversation } from '../messages.ts'
import { isCounted } from '../unit.ts'

const HEADERS = structOf(...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((name) => column(name, INT)))
const LISTS = structOf(column('ordered', INT), column('unordered', INT))
const BOLD = structOf(column('**', INT), column('__', INT))

export const CONVERSATION_METADATA = structOf(
  ...[
    'sum_user_tokens',
    'turns',
    'sum_assistant_a_tokens',
    'sum_assistant_b_tokens',
    'context_a_tokens',
    'context_b_tokens',
  ].map((name) => column(name, INT)),
  column('header_count_a', HEADERS),
  column('header_count_b', HEADERS),
  column('list_count_a', LISTS),
  column('list_count_b', LISTS),
  column('bold_count_a', BOLD),
  column('bold_count_b', BOLD),
)

export const VOTES_SCHEMA_VERSION = 1

/** The log in the public arena layout. The first column marks the file as ours; the order of the columns is fixed. */
export const VOTE_COLUMNS = [
  column('schema_version', INT),
  column('id', STRING),
  column('question_id', STRING),
  column('arena', STRING),
  column('model_a', STRING),
  column('model_b', STRING),
  column('winner', STRING),
  nullable('judge', STRING),
  column('turn', INT),
  column('anony', BOOLEAN),
  column('counted', BOOLEAN),
  column('leaked', BOOLEAN),
  nullable('excluded', STRING),
  nullable('supersedes', STRING),
  nullable('source', STRING),
  nullable('language', STRING),
  column('is_code', BOOLEAN),
  column('categories', listOf(STRING)),
  column('tstamp', DOUBLE),
  column('timestamp', INSTANT),
  nullable('strength', INT),
  column('weight', DOUBLE),
  nullable('conversation_a', MESSAGES),
  nullable('conversation_b', MESSAGES),
  nullable('conv_metadata', CONVERSATION_METADATA),
]

/** @param conversation what was judged, masked where it is to be; nothing when it was erased or never known */
export function toVoteRow({ vote, battle, metadata }: VoteOnBattle, conversation: ConversationText | undefined): Row {
  const messages = (side: Side) => (conversation ? wholeConversation(conversation, side) : null)
  return {
    schema_version: VOTES_SCHEMA_VERSION,
    id: vote.id,
    question_id: battle.id,
    arena: battle.arena,
    model_a: battle.models.a,
    model_b: battle.models.b,
    winner: toWinner(vote.outcome),
    judge: vote.judge,
    turn: vote.turn,
    anony: vote.isBlind,
    counted: isCounted(vote),
    leaked: vote.isLeaked,
    excluded: vote.excluded,
    supersedes: vote.supersedes,
    source: battle.source === '' ? null : battle.source,
    language: toIsoLanguage(battle.language),
    is_code: battle.categories.includes('coding'),
    categories: battle.categories.toSorted(),
    tstamp: vote.at / 1000,
    timestamp: vote.at,
    strength: vote.strength,
    weight: vote.weight,
    conversation_a: messages('a'),
    conversation_b: messages('b'),
    conv_metadata: toCell(metadata ?? (conversation ? describeStyle(conversation) : null)),
  }
}

export function toWinner(outcome: Outcome): string {
  return outcome === 'a' || outcome === 'b' ? `model_${outcome}` : outcome
}

/** `other` and the like are no languages. */
export function toIsoLanguage(language: string): string | null {
  return /^[a-z]{2}$/.test(language) ? language : null
}

function toCell(metadata: ConversationMetadata | null): Cell {
  if (metadata === null) return null
  return {
    ...metadata,
    header_count_a: { ...metadata.header_count_a },
    header_count_b: { ...metadata.header_count_b },
    list_count_a: { ...metadata.list_count_a },
    list_count_b: { ...metadata.list_count_b },
    bold_count_a: { ...metadata.bold_count_a },
    bold_count_b: { ...metadata.bold_count_b },
  }
}
