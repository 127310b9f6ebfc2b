import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** The one clear line that stops the start: which entry, which field, what was expected and what is there. */
export class ModelsFileError extends Error {
  override readonly name = 'ModelsFileError'
}

const EXPECTED = {
  object: 'a JSON object',
  models: 'a list of models',
  name: 'a name of 1 to 100 characters without line breaks',
  baseUrl: 'an address such as https://api.example.com/v1, without a key, query or fragment in it',
  model: "the model's id at the endpoint, 1 to 200 characters",
  apiKeyEnv: 'the name of an environment variable, such as MY_KEY',
  text: 'a text of 1 to 200 characters',
  systemPrompt: 'a text of at most 100000 characters',
  weight: 'a number from 0 to 1000',
  params: 'an object of request parameters',
  price: 'an object such as {"input": 0.5, "output": 1.5}, dollars per million tokens',
  amount: 'a number of dollars from 0 to 100000',
  modalities: 'a list such as ["text"]',
} as const

const params = z.record(z.string(), z.unknown(), EXPECTED.params).superRefine((value, context) => {
  for (const name of ['model', 'messages', 'stream', 'n']) {
    if (Object.hasOwn(value, name))
      context.addIssue({ code: 'custom', path: [name], message: 'nothing: Ringside sets it itself' })
  }
  const thinkTags = value['ringsideThinkTags']
  if (thinkTags !== undefined && typeof thinkTags !== 'boolean')
    context.addIssue({ code: 'custom', path: ['ringsideThinkTags'], message: 'true or false' })
})

const ModelEntry = z.strictObject(
  {
    name: line(100, EXPECTED.name),
    baseUrl: z.string(EXPECTED.baseUrl).refine(isPlainAddress, EXPECTED.baseUrl),
    model: line(200, EXPECTED.model),
    apiKeyEnv: z
      .string(EXPECTED.apiKeyEnv)
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, EXPECTED.apiKeyEnv)
      .optional(),
    organization: line(200, EXPECTED.text).optional(),
    license: line(200, EXPECTED.text).optional(),
    weight: number(1000, EXPECTED.weight).optional(),
    systemPrompt: z.string(EXPECTED.systemPrompt).max(100_000, EXPECTED.systemPrompt).optional(),
    params: params.optional(),
    price: z
      .strictObject(
        { input: number(100_000, EXPECTED.amount), output: number(100_000, EXPECTED.amount) },
        EXPECTED.price,
      )
      .optional(),
    modalities: z.array(line(40, EXPECTED.modalities), EXPECTED.modalities).min(1, EXPECTED.modalities).optional(),
  },
  EXPECTED.object,
)
export type ModelEntry = z.output<typeof ModelEntry>

const ModelsFile = z.strictObject({ models: z.array(z.unknown(), EXPECTED.models) }, EXPECTED.object)

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads and checks MODELS_FILE.
 * @throws ModelsFileError with one line
 */
export async function readModelsFile(path: string, environment: Environment): Promise<ModelEntry[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : String(error)
    throw new ModelsFileError(`MODELS_FILE ${JSON.stringify(path)} cannot be read: ${reason}`, { cause: error })
  }
  return parseModelsFile(text, environment)
}

/** The same for its text. @throws ModelsFileError with one line */
export function parseModelsFile(text: string, environment: Environment): ModelEntry[] {
  const file = ModelsFile.safeParse(parseJson(text))
  if (!file.success)
    throw new ModelsFileError(toProblem('MODELS_FILE', parseJson(text), file.error).replace('FILE.', 'FILE '))
  const entries = file.data.models.map((raw, index) => readEntry(raw, index))
  entries.forEach((entry, index) => {
    checkName(entries, index)
    checkKey(entry, index, environment)
  })
  return entries
}

function parseJson(text: string): unknown {
  try {
    // A mark that some editors put before the text is no part of it.
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw new ModelsFileError(`MODELS_FILE is not valid JSON: ${toSyntaxProblem(text, error)}`)
  }
}

/** Without the piece of the file that the engine quotes, which may hold anything. */
function toSyntaxProblem(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const position = /at position (\d+)/.exec(message)?.[1]
  const where = position === undefined ? '' : ` in line ${text.slice(0, Number(position)).split('\n').length}`
  return `${toShown(message.split(/ in JSON|, (?:"|\.\.\.)/)[0]).slice(1, -1)}${where}`
}

function readEntry(raw: unknown, index: number): ModelEntry {
  const entry = ModelEntry.safeParse(raw)
  if (entry.success) return entry.data
  throw new ModelsFileError(toProblem(`MODELS_FILE models[${index}]`, raw, entry.error))
}

function checkName(entries: readonly ModelEntry[], index: number): void {
  const name = entries[index]?.name
  const first = entries.findIndex((entry) => entry.name === name)
  if (first === index) return
  const expected = `a name of its own, but models[${first}] has the same`
  throw new ModelsFileError(`MODELS_FILE models[${index}].name (name ${toShown(name)}): expected ${expected}`)
}

function checkKey({ apiKeyEnv, name }: ModelEntry, index: number, environment: Environment): void {
  if (apiKeyEnv === undefined || (environment[apiKeyEnv]?.trim() ?? '') !== '') return
  // Somebody may have put the key itself here: only what is written like a variable's name is shown.
  const shown = /^[A-Z][A-Z0-9_]*$/.test(apiKeyEnv) ? toShown(apiKeyEnv) : 'a name that is not shown'
  const expected = `an environment variable that is set, got ${shown}, which is not`
  throw new ModelsFileError(`MODELS_FILE models[${index}].apiKeyEnv (name ${toShown(name)}): expected ${expected}`)
}

function toProblem(place: string, raw: unknown, error: z.ZodError): string {
  const issue = error.issues[0]
  const name = isRecord(raw) && typeof raw['name'] === 'string' ? ` (name ${toShown(raw['name'])})` : ''
  if (issue?.code === 'unrecognized_keys') {
    const field = toPath([...issue.path, issue.keys[0] ?? ''])
    const hint = field === '.apiKey' ? '; apiKeyEnv names the environment variable that holds the key' : ''
    return `${place}${field}${name}: there is no such field${hint}`
  }
  const path = issue?.path ?? []
  const got = lookUp(raw, path)
  const shown = got === undefined ? 'nothing' : mayHoldKey(path, got) ? 'a value that is not shown' : toShown(got)
  return `${place}${toPath(path)}${name}: expected ${issue?.message ?? 'something else'}, got ${shown}`
}

function toPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${toShown(String(part)).slice(1, -1)}`))
    .join('')
}

function lookUp(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = new Map<PropertyKey, unknown>(Object.entries(value)).get(String(part))
  }
  return value
}

/** An address with a password or a query, or what stands where the name of a key's variable should. */
function mayHoldKey(path: readonly PropertyKey[], value: unknown): boolean {
  if (typeof value !== 'string') return false
  return path[0] === 'apiKeyEnv' || (path[0] === 'baseUrl' && /[@?#]/.test(value))
}

/** As JSON, one line, bounded, without control characters. */
function toShown(value: unknown): string {
  const text = (JSON.stringify(value) ?? 'nothing').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
  return text.length > 80 ? `${text.slice(0, 77)}…${text.at(-1) ?? ''}` : text
}

function line(maxChars: number, expected: string) {
  const isLine = (text: string) => text.trim() !== '' && text.length <= maxChars && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
  return z.string(expected).refine(isLine, expected)
}

function number(most: number, expected: string) {
  return z.number(expected).min(0, expected).max(most, expected)
}

/** Private address ranges are fine: only the operator sets addresses, and models often run next door. */
function isPlainAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '' && !/[?#\s]/.test(text)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
