import { z } from 'zod'

/*
 * What each trainer accepts, written from its documentation and code as shared/formats.md part A quotes them, and not
 * from our own types.
 */

const Text = z.string()
const Message = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: Text })
const Answer = z.strictObject({ role: z.literal('assistant'), content: Text.min(1) })

/** `system` first only, then user and assistant by turns. */
const Conversation = z.array(Message).min(1).refine(alternates, 'roles must alternate after an optional system message')
const Prompt = Conversation.refine((messages) => messages.at(-1)?.role === 'user', 'a prompt ends with the user')
const Whole = Conversation.refine(
  (messages) => messages.at(-1)?.role === 'assistant',
  'a conversation ends with the assistant',
)

function alternates(messages: readonly { role: string }[]): boolean {
  const turns = messages[0]?.role === 'system' ? messages.slice(1) : messages
  return turns.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'))
}

/** The same keys in every row, no nulls, no lists, nothing nested. */
const metaOf = (...models: string[]) =>
  z.strictObject({
    id: z.string().regex(/^[0-9a-f]{16}$/),
    battle_id: Text.min(1),
    turn: z.int().min(1),
    arena: Text.min(1),
    categories: Text,
    language: Text,
    ...Object.fromEntries(models.map((name) => [name, Text.min(1)])),
    votes: z.int().min(1),
    agreement: z.number().min(0).max(1),
    margin: z.number().min(-1).max(1),
    source: Text,
  })
const PairMeta = metaOf('chosen_model', 'rejected_model')
const SideMeta = metaOf('model')

const isPair = (row: { chosen: unknown; rejected: unknown }) =>
  JSON.stringify(row.chosen) !== JSON.stringify(row.rejected)
const strings = { prompt: Text.min(1), chosen: Text.min(1), rejected: Text.min(1) }
const Spoken = z.strictObject({ from: z.enum(['human', 'gpt']), value: Text })
const Reply = z.strictObject({ from: z.literal('gpt'), value: Text.min(1) })

export const TRAINER_SCHEMAS = {
  /** TRL, preference with explicit prompt, conversational. */
  dpo: z
    .strictObject({
      prompt: Prompt,
      chosen: z.array(Answer).length(1),
      rejected: z.array(Answer).length(1),
      meta: PairMeta,
    })
    .refine(isPair),
  /** TRL, preference with explicit prompt, strings. */
  'dpo text': z.strictObject({ ...strings, meta: PairMeta }).refine(isPair),
  /** TRL, preference with implicit prompt: the longest common prefix must be a prompt. */
  'dpo implicit': z
    .strictObject({ chosen: Whole, rejected: Whole, meta: PairMeta })
    .refine(isPair)
    .refine(({ chosen, rejected }) => JSON.stringify(chosen.slice(0, -1)) === JSON.stringify(rejected.slice(0, -1))),
  reward: z.strictObject({ chosen: Whole, rejected: Whole, margin: z.number(), meta: PairMeta }).refine(isPair),
  /** TRL, unpaired. */
  kto: z.strictObject({ prompt: Prompt, completion: z.array(Answer).length(1), label: z.boolean(), meta: SideMeta }),
  'kto text': z.strictObject({ prompt: Text.min(1), completion: Text.min(1), label: z.boolean(), meta: SideMeta }),
  /** OpenAI and those who follow: no other key at the top, exactly one message a side. */
  openai: z.strictObject({
    input: z.strictObject({ messages: Prompt }),
    preferred_output: z.array(Answer).length(1),
    non_preferred_output: z.array(Answer).length(1),
  }),
  /** LLaMA-Factory, sharegpt with ranking: strict alternation from the human, an odd number. */
  llamafactory: z.strictObject({
    conversations: z
      .array(Spoken)
      .refine((spoken) => spoken.length % 2 === 1, 'an odd number')
      .refine((spoken) => spoken.every(({ from }, index) => from === (index % 2 === 0 ? 'human' : 'gpt'))),
    chosen: Reply,
    rejected: Reply,
    system: Text,
    meta: PairMeta,
  }),
  'llamafactory text': z.strictObject({
    instruction: Text.min(1),
    input: Text,
    chosen: Text.min(1),
    rejected: Text.min(1),
    system: Text,
    history: z.array(z.tuple([Text, Text])),
    meta: PairMeta,
  }),
  /** Axolotl, `chat_template.default`. */
  axolotl: z.strictObject({ messages: Prompt, chosen: Answer, rejected: Answer, meta: PairMeta }).refine(isPair),
  /** Axolotl, `chatml.intel`. */
  'axolotl text': z.strictObject({
    system: Text,
    question: Text.min(1),
    chosen: Text.min(1),
    rejected: Text.min(1),
    meta: PairMeta,
  }),
  ultrafeedback: z
    .strictObject({
      prompt: Text.min(1),
      prompt_id: z.string().regex(/^[0-9a-f]{64}$/),
      chosen: Whole,
      rejected: Whole,
      messages: Whole,
      score_chosen: z.number().min(0).max(1),
      score_rejected: z.number().min(0).max(1),
      meta: PairMeta,
    })
    .refine(({ chosen, messages }) => JSON.stringify(chosen) === JSON.stringify(messages)),
  /** NeMo RL, `PreferenceDataset`: lower is better. */
  rank: z.strictObject({
    context: Prompt,
    completions: z
      .array(z.strictObject({ rank: z.int().min(0), completion: z.array(Answer).length(1) }))
      .min(2)
      .refine(
        (list) =>
          list[0]?.rank === 0 && list.every(({ rank }, index) => index === 0 || rank >= (list[index - 1]?.rank ?? 0)),
      ),
    meta: metaOf('models'),
  }),
  sft: z.strictObject({ messages: Whole, meta: SideMeta }),
  'sft text': z.strictObject({ prompt: Text.min(1), completion: Text.min(1), meta: SideMeta }),
} as const

export type SchemaName = keyof typeof TRAINER_SCHEMAS
