import { BrokenFileError } from '../tabular/read-fault.ts'
import { BadLineError } from './bad-line.ts'
import { toJson } from './board-json.ts'
import { toTables } from './board-table.ts'
import { toPrintable } from './printable-text.ts'
import { ProgressLine, type ProgressOutput } from './progress-line.ts'
import { isUsage, parseRankArguments, USAGE, type RankArguments } from './rank-arguments.ts'
import { rankRows } from './rank-boards.ts'
import { readVotes } from './read-votes.ts'

export interface RankStreams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: ProgressOutput
}

const DONE = 0
const BAD_DATA = 1
const BAD_USAGE = 2

/** `ringside rank FILE`: ranks a file of votes or pair counts, without any database. Returns the exit code. */
export async function runRank(argv: readonly string[], { stdout, stderr }: RankStreams): Promise<number> {
  let file = ''
  try {
    const asked = parseRankArguments(argv)
    if (!asked) {
      stdout.write(USAGE)
      return DONE
    }
    file = asked.file
    stdout.write(await rankFile(asked, stderr))
    return DONE
  } catch (error) {
    if (isUsage(error)) {
      stderr.write(`${toPrintable(error.message)}\n\n${USAGE}`)
      return BAD_USAGE
    }
    stderr.write(`${toPrintable(describe(error, file))}\n`)
    return BAD_DATA
  }
}

/** The whole output as one text: nothing is printed before everything is known. */
async function rankFile(asked: RankArguments, stderr: ProgressOutput): Promise<string> {
  const progress = new ProgressLine(stderr, () => performance.now())
  const wantsClusters = asked.interval === 'sandwich' && asked.cluster !== 'none'
  const wanted = {
    format: asked.format,
    cluster: wantsClusters ? asked.cluster : undefined,
    categories: asked.categories === 'each' || asked.categories.length > 0,
    style: asked.style,
  }
  try {
    const rows = await readVotes(asked.file, wanted, (state) => progress.show(state))
    const boards = rankRows(rows, asked)
    const names = rows.models.names()
    return asked.json ? toJson(boards, names, asked) : toTables(boards, names, asked)
  } finally {
    progress.clear()
  }
}

/** Bad data by file, line and field; a failure of the system in its own words; anything else is a bug and thrown on. */
function describe(error: unknown, file: string): string {
  if (error instanceof BadLineError) return error.describe(file)
  if (error instanceof BrokenFileError) return `${file}: ${error.message}`
  if (error instanceof Error && 'syscall' in error) return `${file}: ${error.message}`
  throw error
}
