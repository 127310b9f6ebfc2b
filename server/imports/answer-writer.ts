import { AnswerId, ModelId, PromptId } from '../../contract/ids.ts'
import type { ModelRecord, PreparedAnswer, Store } from '../../db/store.ts'
import { namesItself } from '../blind/identity-leak.ts'
import { categorise } from '../categories/categorise.ts'
import { newId, sha256 } from '../ids.ts'
import type { AnswerFact } from './import-kind.ts'
import type { ImportSummary } from './import-summary.ts'

const BATCH = 10_000

export interface AnswerWriterOptions {
  readonly store: Pick<Store, 'importAnswers' | 'upsertModels' | 'listModels'>
  readonly arena: string
  readonly summary: ImportSummary
  readonly now: () => number
}

/** Stores answers in batches, each whole or not at all. What is known by its content is left as it is. */
export class AnswerWriter {
  readonly #options: AnswerWriterOptions
  readonly #models = new Map<string, ModelRecord>()
  #waiting: { fact: AnswerFact; source: string }[] = []

  constructor(options: AnswerWriterOptions) {
    this.#options = options
  }

  async add(fact: AnswerFact, source: string): Promise<void> {
    this.#waiting.push({ fact, source })
    if (this.#waiting.length >= BATCH) await this.flush()
  }

  async flush(): Promise<void> {
    const batch = this.#waiting
    if (batch.length === 0) return
    this.#waiting = []
    const { store, summary } = this.#options
    await this.#addModels(batch.map(({ fact }) => fact.model))
    const answers: PreparedAnswer[] = []
    for (const { fact, source } of batch) answers.push(await this.#toPreparedAnswer(fact, source))
    const { promptsCreated, answersCreated } = await store.importAnswers(answers)
    summary.prompts_created += promptsCreated
    summary.answers_created += answersCreated
    summary.imported += answersCreated
    summary.duplicates += batch.length - answersCreated
  }

  /** Unknown models come in paused and without an endpoint; known ones stay as they are. */
  async #addModels(names: readonly string[]): Promise<void> {
    const { store, now, summary } = this.#options
    if (this.#models.size === 0) this.#remember(await store.listModels())
    const unknown = [...new Set(names)].filter((name) => !this.#models.has(name))
    if (unknown.length === 0) return
    this.#remember(await store.upsertModels(unknown.map((name) => importedModel(name, now()))))
    summary.models_created += unknown.length
  }

  #remember(models: readonly ModelRecord[]): void {
    for (const model of models) this.#models.set(model.name, model)
  }

  async #toPreparedAnswer(fact: AnswerFact, source: string): Promise<PreparedAnswer> {
    const { arena, now } = this.#options
    const model = this.#models.get(fact.model)
    if (!model) throw new Error(`model ${fact.model} was not stored`)
    const promptKey = sha256(JSON.stringify(['ringside-prompt-1', arena, fact.prompt, null]))
    const labels = await labelPrompt(fact)
    return {
      promptId: PromptId.parse(newId()),
      promptKey,
      arena,
      prompt: fact.prompt,
      ...labels,
      source,
      answerId: AnswerId.parse(newId()),
      answerKey: sha256(JSON.stringify([promptKey, model.name, fact.response])),
      modelId: model.id,
      text: fact.response,
      identityLeaked: namesItself(fact.response, {
        name: model.name,
        organization: model.organization,
        upstreamName: model.endpoint?.model ?? null,
      }),
      at: now(),
    }
  }
}

function importedModel(name: string, at: number) {
  return {
    id: ModelId.parse(newId()),
    name,
    organization: null,
    license: null,
    endpoint: null,
    weight: 1,
    price: null,
    modalities: ['text'],
    sample: false,
    status: 'paused' as const,
    at,
  }
}

/** What the record says, and what the rules say where it says nothing. */
export async function labelPrompt({
  prompt,
  language,
  categories,
}: Pick<AnswerFact, 'prompt' | 'language' | 'categories'>): Promise<{ language: string; categories: string[] }> {
  if (language !== null && categories !== null) return { language, categories: withLanguage(language, categories) }
  const found = await categorise({ prompts: [prompt] })
  const spoken = language ?? found.language
  const topics = found.categories.filter((label) => !label.startsWith('language-'))
  return { language: spoken, categories: withLanguage(spoken, categories ?? topics) }
}

function withLanguage(language: string, categories: readonly string[]): string[] {
  const label = `language-${language}`
  return categories.some((name) => name.startsWith('language-')) ? [...categories] : [label, ...categories]
}
