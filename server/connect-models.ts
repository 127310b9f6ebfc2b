import type { FastifyBaseLogger } from 'fastify'
import type { ModelRecord, Store } from '../db/store.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { resolveModels } from './models/model-catalogue.ts'
import { importSampleArena, sampleModels } from './sample-arena/sample-arena.ts'

export interface ConnectedModels {
  readonly models: readonly ModelRecord[]
  readonly sampleOn: boolean
  readonly summary: readonly string[]
}

export interface ConnectNeeds {
  readonly config: Config
  readonly store: Store
  readonly clock: Clock
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly logger: FastifyBaseLogger
}

/**
 * At start: finds the configured models, brings them and the sample arena into the store, and pauses whatever was there
 * before and is not configured any more. Votes of paused models stay.
 */
export async function connectModels({ config, store, clock, environment }: ConnectNeeds): Promise<ConnectedModels> {
  const at = clock.now()
  const {
    models: configured,
    description,
    source,
    isComplete,
  } = await resolveModels({
    modelsFile: config.MODELS_FILE,
    openaiBaseUrl: config.OPENAI_BASE_URL,
    openaiApiKey: config.OPENAI_API_KEY,
    ollamaHost: config.OLLAMA_HOST,
    environment,
    at,
  })
  const known = await store.listModels()
  // An endpoint that is down for a moment does not turn a real arena into the sample arena.
  const isReal = source !== 'none' && (configured.length > 0 || known.some(({ endpoint }) => endpoint !== null))
  const sampleOn = config.SAMPLE_ARENA === 'on' || (config.SAMPLE_ARENA === 'auto' && !isReal)
  const wantsSample = sampleOn || known.some(({ sample }) => sample)
  const stored = await store.upsertModels([
    ...configured,
    ...(wantsSample ? sampleModels({ at, active: sampleOn }) : []),
  ])
  const names = new Set(configured.map(({ name }) => name))
  // An endpoint that could not be asked says nothing about which of its models are gone.
  const isGone = ({ endpoint, name, status }: ModelRecord) =>
    endpoint !== null && status === 'active' && !names.has(name)
  const gone = source === 'openai' && !isComplete ? [] : stored.filter(isGone)
  await store.setModelStatus(
    gone.map(({ id }) => id),
    'paused',
  )
  const models = gone.length > 0 ? await store.listModels() : stored
  if (sampleOn) await importSampleArena(store, { models, at })
  return { models, sampleOn, summary: [description, ...(sampleOn ? [SAMPLE_NOTE] : [])] }
}

const SAMPLE_NOTE =
  'Showing the sample arena: written texts by no real models. Connect models with MODELS_FILE or OPENAI_BASE_URL (docs/models.md).'
