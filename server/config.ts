import { isIP } from 'node:net'
import { z } from 'zod'

/**
 * Every setting, declared once: its name in the environment, what it does, its default. `.env.example` and
 * docs/configuration.md are generated from this list (`npm run docs`), and a test fails when they are stale.
 */
const SETTINGS = {
  PORT: setting('Port to listen on; 0 picks a free one.', '3000', wholeNumber(0, 65_535)),
  HOST: setting(
    'Address to listen on. 0.0.0.0 makes Ringside reachable from other machines.',
    '127.0.0.1',
    z.string().min(1),
  ),
  PUBLIC_ORIGINS: setting(
    'Origins under which people reach Ringside, separated by commas, such as https://arena.example. Pages of other origins are refused; localhost and plain IP addresses always work.',
    '',
    z.string().transform((text, context) => toOrigins(text, context)),
  ),
  TRUST_PROXY: setting(
    'Addresses of reverse proxies whose X-Forwarded-* headers are believed, separated by commas. Empty: none.',
    '',
    z.string().transform((text, context) => toAddresses(text, context)),
  ),
  DATA_DIR: setting('Folder of everything that is kept.', './data', z.string().min(1)),
  DATABASE_URL: setting('postgres://… to keep the arena in PostgreSQL. Empty: SQLite in DATA_DIR.', '', databaseUrl()),
  MODELS_FILE: setting('JSON file that lists the models; see docs/models.md.', '', z.string()),
  OPENAI_BASE_URL: setting(
    'An OpenAI-compatible endpoint whose models are discovered when MODELS_FILE is empty.',
    '',
    endpointUrl(),
  ),
  OPENAI_API_KEY: setting('Key for that endpoint. Never stored, logged or sent to a browser.', '', z.string()),
  OLLAMA_HOST: setting(
    'Where a local Ollama is looked for when no models are configured.',
    'http://127.0.0.1:11434',
    z.string(),
  ),
  SAMPLE_ARENA: setting(
    'Written sample answers to try Ringside with: auto (while no models are configured), on, off.',
    'auto',
    z.enum(['auto', 'on', 'off']),
  ),
  LOG_LEVEL: setting(
    'How much is logged: fatal, error, warn, info, debug, trace or silent.',
    'info',
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  ),
  PROMPT_MAX_CHARS: setting('Longest prompt a person can send, in characters.', '20000', wholeNumber(1, 150_000)),
  BLIND_HOLD_MS: setting(
    'How long the faster answer may be held back so that pace tells nothing, in milliseconds. A model slower than that beside a faster one shows.',
    '30000',
    wholeNumber(0, 600_000),
  ),
  CONNECT_TIMEOUT_MS: setting(
    'Time for a model endpoint to accept a connection, TLS included.',
    '20000',
    wholeNumber(1, 600_000),
  ),
  FIRST_TOKEN_TIMEOUT_MS: setting(
    'Time from then until the first token of an answer.',
    '60000',
    wholeNumber(1, 3_600_000),
  ),
  TOKEN_TIMEOUT_MS: setting('Longest silence between two tokens.', '30000', wholeNumber(1, 3_600_000)),
  ANSWER_TIMEOUT_MS: setting('Longest time for a whole answer.', '300000', wholeNumber(1, 3_600_000)),
  ANSWER_MAX_CHARS: setting('Longest answer taken from a model, in characters.', '200000', wholeNumber(1, 10_000_000)),
  MAX_STREAMING_BATTLES: setting(
    'Live battles whose answers may be written at the same time.',
    '400',
    wholeNumber(1, 100_000),
  ),
  LIVE_BATTLES_PER_MINUTE: setting(
    'Questions to models one voter may ask within a minute.',
    '20',
    wholeNumber(1, 1_000_000),
  ),
  VOTES_PER_MINUTE: setting('Votes one voter may cast within a minute.', '120', wholeNumber(1, 1_000_000)),
  PAIRS_PER_MINUTE: setting('Prepared pairs one voter may open within a minute.', '240', wholeNumber(1, 1_000_000)),
  SESSIONS_PER_MINUTE: setting(
    'Anonymous sessions that one address (an IPv6 /64) may open within a minute.',
    '120',
    wholeNumber(1, 1_000_000),
  ),
  WITHDRAW_MS: setting('How long a person can take back the last vote.', '60000', wholeNumber(0, 3_600_000)),
  DRAIN_MS: setting(
    'After SIGTERM: how long answers under way may go on before they are cut.',
    '20000',
    wholeNumber(0, 600_000),
  ),
} as const

type Settings = typeof SETTINGS
type SettingName = keyof Settings
type Values = { readonly [name in SettingName]: z.output<Settings[name]['schema']> }

/** Settings as the server uses them. */
export interface Config extends Values {}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads every setting from an environment.
 * @throws ConfigError with one line per setting that is wrong
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const entries = Object.entries(SETTINGS).map(([name, { schema, defaultValue }]) => {
    const raw = environment[name]?.trim() ?? ''
    const result = schema.safeParse(raw === '' ? defaultValue : raw)
    if (!result.success)
      problems.push(`${name}: ${result.error.issues[0]?.message ?? 'invalid'}, got ${shown(name, raw)}`)
    return [name, result.data]
  })
  if (problems.length > 0) throw new ConfigError(problems.join('\n'))
  return Object.freeze(Object.fromEntries(entries)) as Config
}

/** The settings as documentation, in the order in which they are declared. */
export function describeSettings(): { name: string; doc: string; defaultValue: string }[] {
  return Object.entries(SETTINGS).map(([name, { doc, defaultValue }]) => ({ name, doc, defaultValue }))
}

function setting<Schema extends z.ZodType>(doc: string, defaultValue: string, schema: Schema) {
  return { doc, defaultValue, schema }
}

function wholeNumber(min: number, max: number) {
  const expected = `expected a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d+$/, expected)
    .transform(Number)
    .refine((value) => value >= min && value <= max, expected)
}

function databaseUrl() {
  return z
    .string()
    .refine((url) => url === '' || /^postgres(ql)?:\/\//.test(url), 'must start with postgres:// or be empty')
}

function endpointUrl() {
  return z
    .string()
    .refine((url) => url === '' || /^https?:\/\/[^\s]+$/.test(url), 'must start with http:// or https://')
}

function toAddresses(text: string, context: z.RefinementCtx): string[] {
  const parts = splitList(text)
  const wrong = parts.find((part) => isIP(part.replace(/\/\d{1,3}$/, '')) === 0)
  if (wrong !== undefined) {
    context.addIssue({
      code: 'custom',
      message: 'expected IP addresses or ranges such as 10.0.0.0/8, separated by commas',
    })
  }
  return parts
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function toOrigins(text: string, context: z.RefinementCtx): string[] {
  return splitList(text).flatMap((part) => {
    const url = URL.canParse(part) ? new URL(part) : undefined
    if (url && url.origin !== 'null' && url.pathname === '/') return [url.origin]
    context.addIssue({ code: 'custom', message: 'expected origins such as https://arena.example, separated by commas' })
    return []
  })
}

/** Values are shown to help, but never those that hold a secret. */
function shown(name: string, raw: string): string {
  return /KEY|DATABASE_URL/.test(name) ? 'a value that is not shown' : JSON.stringify(raw)
}
