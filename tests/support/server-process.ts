import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const ENTRY = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))

/** The built server as a process of its own, for whatever must be killed, stopped or measured from outside. */
export class ServerProcess {
  readonly url: string
  readonly #environment: Readonly<Record<string, string>>
  readonly #nodeArgs: readonly string[]
  #child: ChildProcess | undefined
  /** What it wrote, both streams together, over all its lives. */
  output = ''

  private constructor(port: number, environment: Readonly<Record<string, string>>, nodeArgs: readonly string[]) {
    this.url = `http://127.0.0.1:${port}`
    this.#environment = {
      OLLAMA_HOST: 'http://127.0.0.1:9',
      LOG_LEVEL: 'warn',
      SESSIONS_PER_MINUTE: '100000',
      PAIRS_PER_MINUTE: '100000',
      ...environment,
      PORT: String(port),
    }
    this.#nodeArgs = nodeArgs
  }

  static async create(
    environment: Readonly<Record<string, string>>,
    nodeArgs: readonly string[] = [],
  ): Promise<ServerProcess> {
    if (!existsSync(ENTRY)) throw new Error('dist/ is missing: run "npm run build" first')
    return new ServerProcess(await freePort(), environment, nodeArgs)
  }

  get pid(): number {
    return this.#child?.pid ?? -1
  }

  /** Starts it and resolves when it is ready, with the milliseconds that took. */
  async start(withinMs = 30_000): Promise<number> {
    const startedAt = performance.now()
    const child = spawn(process.execPath, [...this.#nodeArgs, ENTRY], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.output += data.toString()))
    while (performance.now() - startedAt < withinMs) {
      if (child.exitCode !== null)
        throw new Error(`the server ended with ${child.exitCode}: ${this.output.slice(-2_000)}`)
      if (await this.isReady()) return performance.now() - startedAt
      await pause(10)
    }
    throw new Error(`the server was not ready within ${withinMs} ms: ${this.output.slice(-2_000)}`)
  }

  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok
    } catch {
      return false
    }
  }

  /** Processor time that the process has used so far, all threads, in milliseconds. */
  cpuMs(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const ticks = Number(fields[11]) + Number(fields[12])
    return ticks * 10
  }

  /** Sends a signal and resolves with the exit code, null when the signal itself ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve))
    child.kill(signal)
    return gone
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
