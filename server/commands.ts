import type { Readable, Writable } from 'node:stream'
import { StoreError } from '../db/store.ts'
import { ConfigError } from './config.ts'

export interface CommandStreams {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
}

interface Command {
  readonly usage: string
  readonly doc: string
  /** Returns the exit code: 0 done, 1 bad data or I/O, 2 bad usage. */
  run(args: string[], streams: CommandStreams): Promise<number>
}

/** Every command, each with the code that the server runs too; loaded only when it is called. */
const COMMANDS: Readonly<Record<string, Command>> = {
  serve: {
    usage: 'serve',
    doc: 'run the arena',
    run: async (_args, { environment }) => (await import('./serve.ts')).serve(environment),
  },
  'models check': {
    usage: 'models check',
    doc: 'ask every configured model one question and say who answers',
    run: async (_args, streams) => (await import('./models-command.ts')).checkModels(streams),
  },
  'models activate': {
    usage: 'models activate NAME…',
    doc: 'let models take part that came in paused, as imported ones do',
    run: async (args, streams) => (await import('./models-activate-command.ts')).activateModels(args, streams),
  },
  import: {
    usage: 'import KIND FILE…',
    doc: 'bring in prompts, answers, battles and votes made elsewhere',
    run: async (args, streams) => (await import('./data-commands.ts')).importFiles(args, streams),
  },
  export: {
    usage: 'export FORMAT',
    doc: 'write preference data for training, or the votes',
    run: async (args, streams) => (await import('./data-commands.ts')).exportRows(args, streams),
  },
  rank: {
    usage: 'rank FILE',
    doc: 'rank the models of a file of votes, without a database',
    run: async (args, { stdout, stderr }) =>
      (await import('./rank-file/rank-command.ts')).runRank(args, { stdout, stderr }),
  },
  backup: {
    usage: 'backup FILE',
    doc: 'write a consistent copy of the arena, also while it runs',
    run: async (args, streams) => (await import('./backup-command.ts')).backUp(args, streams),
  },
  restore: {
    usage: 'restore FILE',
    doc: 'put a backup in the place of the arena, while no server runs; what was there is kept',
    run: async (args, streams) => (await import('./backup-command.ts')).restore(args, streams),
  },
}

/** @returns the exit code of the process */
export async function runCommand(argv: readonly string[], streams: CommandStreams): Promise<number> {
  const { name, args } = splitCommand(argv)
  const command = COMMANDS[name]
  if (!command) return explain(name, streams)
  try {
    return await command.run(args, streams)
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof StoreError)) throw error
    streams.stderr.write(`${error.message}\n`)
    return 1
  }
}

function splitCommand(argv: readonly string[]): { name: string; args: string[] } {
  const [first = '', second = ''] = argv
  const two = `${first} ${second}`
  return two in COMMANDS ? { name: two, args: argv.slice(2) } : { name: first, args: argv.slice(1) }
}

function explain(name: string, { stdout, stderr }: CommandStreams): number {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length))
  const lines = Object.values(COMMANDS).map(({ usage, doc }) => `  ${usage.padEnd(width)}  ${doc}`)
  const text = `Usage: ringside COMMAND\n\n${lines.join('\n')}\n\nSettings come from the environment; see docs/configuration.md.\n`
  const asked = ['', 'help', '--help', '-h'].includes(name)
  ;(asked ? stdout : stderr).write(asked ? text : `There is no command "${name}".\n\n${text}`)
  return asked ? 0 : 2
}
