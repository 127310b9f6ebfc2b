import type { ModelEndpoint } from '../../db/store.ts'
import { ProviderFailure, type Provider } from '../providers/provider.ts'

export interface ModelsCheck {
  readonly models: readonly { readonly name: string; readonly endpoint: ModelEndpoint | null }[]
  readonly provider: Provider
  readonly stdout: { write(text: string): unknown }
}

interface CheckedModel {
  readonly name: string
  readonly host: string
  readonly result: string
  readonly firstTokenMs: number | null
  readonly isOk: boolean
}

const QUESTION = 'Answer with the single word: ready'
const AT_ONCE = 8

/**
 * Asks every model one small question and prints what came of it, one line each.
 * @returns the exit code: 1 when a model did not answer, or when there is none
 */
export async function runModelsCheck({ models, provider, stdout }: ModelsCheck): Promise<number> {
  if (models.length === 0) {
    stdout.write('No models are configured: set MODELS_FILE, or OPENAI_BASE_URL and OPENAI_API_KEY.\n')
    return 1
  }
  const checked = await askAll(models, provider)
  stdout.write(toTable(checked))
  return checked.every(({ isOk }) => isOk) ? 0 : 1
}

async function askAll(models: ModelsCheck['models'], provider: Provider): Promise<CheckedModel[]> {
  const checked: CheckedModel[] = []
  let next = 0
  const askInTurn = async (): Promise<void> => {
    for (let index = next++; index < models.length; index = next++) {
      const model = models[index]
      if (model) checked[index] = await ask(model, provider)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, askInTurn))
  return checked
}

async function ask({ name, endpoint }: ModelsCheck['models'][number], provider: Provider): Promise<CheckedModel> {
  if (!endpoint) return { name, host: '', result: 'has no endpoint', firstTokenMs: null, isOk: false }
  const host = URL.canParse(endpoint.baseUrl) ? new URL(endpoint.baseUrl).host : endpoint.baseUrl
  const startedAt = performance.now()
  let firstTokenMs: number | null = null
  try {
    const messages = [{ role: 'user', content: QUESTION }] as const
    for await (const event of provider.stream({ endpoint, messages, signal: new AbortController().signal })) {
      if (event.type === 'text') firstTokenMs ??= Math.round(performance.now() - startedAt)
    }
    return { name, host, result: 'ok', firstTokenMs, isOk: true }
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error
    return { name, host, result: `${error.kind}: ${error.message}`, firstTokenMs, isOk: false }
  }
}

function toTable(checked: readonly CheckedModel[]): string {
  const head = ['model', 'endpoint', 'first token', 'result']
  const lines = checked.map(({ name, host, result, firstTokenMs }) =>
    [name, host, firstTokenMs === null ? '-' : `${firstTokenMs} ms`, result].map(toPlain),
  )
  const rows = [head, ...lines]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const toRow = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return `${rows.map(toRow).join('\n')}\n`
}

/** Names and errors come from elsewhere: nothing in them may steer a terminal. */
function toPlain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
}
