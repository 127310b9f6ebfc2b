import type { AddressInfo } from 'node:net'
import { StoreError } from '../db/store.ts'
import { composeArena, type Arena } from './compose.ts'
import { ConfigError, readConfig } from './config.ts'
import { ModelsFileError } from './models/models-file.ts'

/** Longer than this after a signal, and something hangs that no drain can end. */
const LAST_RESORT_MS = 10_000

/**
 * Runs the server until it is told to stop.
 * @returns the exit code of the process
 */
export async function serve(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  try {
    const config = readConfig(environment)
    const arena = await composeArena(config, { environment })
    try {
      await arena.app.listen({ port: config.PORT, host: config.HOST })
    } catch (error) {
      await arena.close()
      throw error
    }
    for (const line of greeting(arena)) console.log(line)
    return await Promise.race([untilStopped(arena, config.DRAIN_MS), untilBroken(arena)])
  } catch (error) {
    if (!isForTheOperator(error)) throw error
    console.error(error.message)
    return 1
  }
}

function isForTheOperator(error: unknown): error is Error {
  if (error instanceof ConfigError || error instanceof ModelsFileError || error instanceof StoreError) return true
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen'
}

function greeting({ app, summary }: Arena): string[] {
  const address = app.server.address() as AddressInfo
  const host = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address.address) ? 'localhost' : address.address
  return [`Ringside is open at http://${host}:${address.port}`, ...summary]
}

/** The first signal drains, the second ends the process at once. */
async function untilStopped(arena: Arena, drainMs: number): Promise<number> {
  await new Promise<void>((resolve) => {
    let signalled = false
    const onSignal = () => {
      if (signalled) process.exit(130)
      signalled = true
      resolve()
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
  })
  setTimeout(() => process.exit(1), drainMs + LAST_RESORT_MS).unref()
  await arena.close()
  return 0
}

/** Whoever watches the process starts it again; the store is read afresh then. */
async function untilBroken({ app, whenBroken }: Arena): Promise<number> {
  const problem = await whenBroken
  app.log.fatal({ problem }, 'the store cannot be trusted any more: ending, start again')
  process.exit(1)
}
