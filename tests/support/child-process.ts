import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'vite'

const ROOT = new URL('../..', import.meta.url).pathname

/** A process of the tests' own. */
export interface Child {
  readonly process: ChildProcess
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
  /** What it wrote to the console, both channels. */
  output(): string
  /** Ends it without giving it a chance to say anything. */
  kill(): Promise<void>
}

/**
 * Makes one plain file of a TypeScript program and of ours that it imports, so that starting it takes as long as it
 * does in production. The file lies inside the project, where its packages and migrations are found.
 */
export async function bundleProgram(source: string): Promise<{ file: string; remove: () => void }> {
  const outDir = join(ROOT, '.cache', 'test-programs', `${basename(source, '.ts')}-${process.pid}`)
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: {
      ssr: source,
      outDir,
      emptyOutDir: true,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
  return { file: join(outDir, 'program.mjs'), remove: () => rmSync(outDir, { recursive: true, force: true }) }
}

/** Starts a program; `prefix` is another one that runs it, such as a tracer. */
export function startChild(
  file: string,
  args: readonly string[],
  { prefix = [], env = {} }: { prefix?: readonly string[]; env?: Record<string, string> } = {},
): Child {
  const [command = process.execPath, ...rest] = [...prefix, process.execPath, file, ...args]
  const child = spawn(command, rest, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1)),
  )
  return {
    process: child,
    ended,
    output: () => text,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
