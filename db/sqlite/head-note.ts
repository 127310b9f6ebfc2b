import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { z } from 'zod'
import type { StoreLogger } from '../engine.ts'
import { StoreError } from '../store.ts'
import type { Connection } from './connection.ts'

const INTERVAL_MS = 1_000

const Head = z.object({ position: z.int().min(1), id: z.string() })
type Head = z.infer<typeof Head>

/**
 * The last entry of the vote log, noted in a file of its own. SQLite forgets the tail of a damaged or removed
 * write-ahead log without a word and calls the rest healthy; the note remembers that there was more. It follows the
 * log by up to a second and is never ahead of it, so an entry it names must be there.
 */
export class HeadNote {
  readonly #file: string
  readonly #logger: StoreLogger
  #latest: Head | null = null
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(file: string, logger: StoreLogger) {
    this.#file = file
    this.#logger = logger
  }

  /** Remembers an entry that is on disk. Writes at most once a second, beside the work of everybody else. */
  note(head: Head): void {
    this.#latest = head
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#writing = this.#writing.then(() => this.#write())
    }, INTERVAL_MS).unref()
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#writing
    await this.#write()
  }

  async #write(): Promise<void> {
    const head = this.#latest
    if (!head) return
    this.#latest = null
    const unfinished = `${this.#file}.new`
    try {
      const handle = await open(unfinished, 'w')
      await handle.writeFile(`${JSON.stringify(head)}\n`)
      await handle.sync()
      await handle.close()
      await rename(unfinished, this.#file)
    } catch (error) {
      // The note only helps to notice a loss; without room for it votes are still stored.
      this.#logger.warn({ err: error }, 'the head of the vote log could not be noted')
    }
  }
}

/** Refuses a log that has lost what the note remembers. An unreadable note remembers nothing. */
export function checkHead(file: string, connection: Connection | null, logger: StoreLogger): void {
  const head = readHead(file, logger)
  if (!head) return
  const found = connection
    ?.prepare<[number], string>('SELECT id FROM vote_log WHERE position = ?')
    .pluck()
    .get(head.position)
  if (found === head.id) return
  const last = connection?.prepare<[], number>('SELECT coalesce(max(position), 0) FROM vote_log').pluck().get() ?? 0
  const what =
    found === undefined
      ? `The vote log ends at entry ${last}, but entry ${head.position} was acknowledged: votes are missing`
      : `Entry ${head.position} of the vote log is not the one that was acknowledged: this is another log`
  throw new StoreError(
    'corrupt',
    `${what}. Run "ringside restore FILE" with a backup, or remove ${file} to go on with what is there`,
  )
}

function readHead(file: string, logger: StoreLogger): Head | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return null
  }
  try {
    return Head.parse(JSON.parse(text))
  } catch (error) {
    logger.warn({ err: error, file }, 'the note of the head of the vote log cannot be read: nothing is compared')
    return null
  }
}
