import type { ModelId } from '../../contract/ids.ts'
import { ModelId as ModelIdSchema } from '../../contract/ids.ts'
import type { NewModel } from '../../db/store.ts'
import { newId } from '../ids.ts'
import { discoverModels } from './model-discovery.ts'
import { readModelsFile, type ModelEntry } from './models-file.ts'

export interface ModelSettings {
  /** Path; empty: no file. */
  readonly modelsFile: string
  readonly openaiBaseUrl: string
  readonly openaiApiKey: string
  /** Where a local Ollama is looked for, as in its own setting: an address, or only host and port. */
  readonly ollamaHost: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly at: number
  readonly openaiTimeoutMs?: number
  readonly ollamaTimeoutMs?: number
}

export interface ResolvedModels {
  readonly models: readonly NewModel[]
  readonly source: 'file' | 'openai' | 'ollama' | 'none'
  /** One sentence for the console: where the models came from. */
  readonly description: string
  /** False when the configured endpoint could not be asked: then models that are missing here are not gone. */
  readonly isComplete: boolean
}

const OPENAI_ADDRESS = 'https://api.openai.com/v1'
const OPENAI_KEY_VARIABLE = 'OPENAI_API_KEY'
const OLLAMA_PORT = '11434'

/**
 * Finds the models at start: MODELS_FILE, else what the endpoint of OPENAI_* lists, else a local Ollama, else none.
 * @throws ModelsFileError with one line
 */
export async function resolveModels(settings: ModelSettings): Promise<ResolvedModels> {
  if (settings.modelsFile !== '') return await fromFile(settings)
  if (settings.openaiBaseUrl !== '' || settings.openaiApiKey !== '') return await fromOpenAi(settings)
  return await fromOllama(settings)
}

async function fromFile({ modelsFile, environment, at }: ModelSettings): Promise<ResolvedModels> {
  const entries = await readModelsFile(modelsFile, environment)
  const models = entries.map((entry) => toModel(entry, at))
  return { models, source: 'file', description: `${count(models)} from ${modelsFile}.`, isComplete: true }
}

async function fromOpenAi(settings: ModelSettings): Promise<ResolvedModels> {
  const baseUrl = settings.openaiBaseUrl === '' ? OPENAI_ADDRESS : settings.openaiBaseUrl
  const apiKey = settings.openaiApiKey === '' ? null : settings.openaiApiKey
  const found = await discoverModels({ baseUrl, apiKey, timeoutMs: settings.openaiTimeoutMs ?? 10_000 })
  const host = toHost(baseUrl)
  if (found.kind === 'failed') {
    const description = `No models: ${host} could not be asked for its models: ${found.reason}. List them in MODELS_FILE or try again.`
    return { models: [], source: 'openai', description, isComplete: false }
  }
  const apiKeyEnv = apiKey === null ? undefined : OPENAI_KEY_VARIABLE
  const models = found.ids.map((id) => toModel({ name: id, baseUrl, model: id, apiKeyEnv }, settings.at))
  const leftOut =
    found.leftOut === 0 ? '' : ` (${found.leftOut} left out: for other tasks than conversation, or with unusable names)`
  return { models, source: 'openai', description: `${count(models)} listed by ${host}${leftOut}.`, isComplete: true }
}

async function fromOllama({ ollamaHost, ollamaTimeoutMs = 800, at }: ModelSettings): Promise<ResolvedModels> {
  const baseUrl = toOllamaAddress(ollamaHost)
  const found =
    baseUrl === undefined ? undefined : await discoverModels({ baseUrl, apiKey: null, timeoutMs: ollamaTimeoutMs })
  if (baseUrl === undefined || found?.kind !== 'listed' || found.ids.length === 0) {
    const description = 'No models are configured, and there is no local Ollama with models.'
    return { models: [], source: 'none', description, isComplete: true }
  }
  const models = found.ids.map((id) => toModel({ name: id, baseUrl, model: id }, at))
  return {
    models,
    source: 'ollama',
    description: `${count(models)} of the local Ollama at ${toHost(baseUrl)}.`,
    isComplete: true,
  }
}

/** What Ollama's own setting may be: `127.0.0.1:11434`, `http://box:11434/`, `0.0.0.0` (which means all of this machine). */
function toOllamaAddress(setting: string): string | undefined {
  const text = /^https?:\/\//.test(setting) ? setting : `http://${setting.startsWith(':') ? '127.0.0.1' : ''}${setting}`
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  const namesPort = /:\d+(\/|$)/.test(text)
  if (!namesPort && url.protocol === 'http:') url.port = OLLAMA_PORT
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/v1`
}

type Configured = { readonly [field in keyof ModelEntry]: ModelEntry[field] | undefined } & Pick<
  ModelEntry,
  'name' | 'baseUrl' | 'model'
>

function toModel(entry: Configured, at: number): NewModel {
  return {
    id: newModelId(),
    name: entry.name,
    organization: entry.organization ?? null,
    license: entry.license ?? null,
    endpoint: {
      baseUrl: entry.baseUrl,
      model: entry.model,
      apiKeyEnv: entry.apiKeyEnv ?? null,
      systemPrompt: entry.systemPrompt ?? null,
      params: entry.params ?? {},
    },
    weight: entry.weight ?? 1,
    price: entry.price ?? null,
    modalities: entry.modalities ?? ['text'],
    sample: false,
    status: 'active',
    at,
  }
}

function newModelId(): ModelId {
  return ModelIdSchema.parse(newId())
}

function toHost(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : 'the endpoint'
}

function count(models: readonly NewModel[]): string {
  return models.length === 1 ? '1 model' : `${models.length} models`
}
