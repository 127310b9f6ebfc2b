import type { BattleId } from '../contract/ids.ts'
import { toHistories, type BattleHistory } from './battle-history.ts'
import { readConversations, sizeConversations, type Conversation } from './conversation-queries.ts'
import type { ReadingEngine } from './engine.ts'
import { isInPeriod, matchesBattle } from './export-filter.ts'
import type {
  ExportCursor,
  ExportedBattle,
  ExportedVote,
  ExportFilter,
  ExportPage,
  ExportPageRequest,
  ExportSource,
  VotedBattle,
  VoteOnBattle,
} from './export-source.ts'
import { readBattleDetails, readVoteDetails, type VoteDetails } from './import-details.ts'
import { listModels } from './model-queries.ts'
import type { LoggedVote, VoteLogCursor } from './store.ts'

/** Texts of one page. A page with a single battle may have more. */
const PAGE_BYTES = 8 << 20

/** Exports read the log page by page, in its own order, and for each page the battles that it is about. */
export function buildExportSource(engine: ReadingEngine): ExportSource {
  return {
    findLogEnd: async () => {
      const { cursor, entries } = await engine.findLogEnd()
      return { cursor: cursor === null ? null : writePlace({ cursor, passed: entries }), entries }
    },
    readVotedBattles: (request) => readPage(engine, request, findBattle),
    readVotes: (request) => readPage(engine, request, findVote),
    listModels: () => engine.read((db) => listModels(db, engine.schema)),
  }
}

/** A place in the log and how many entries lie before it. The log only grows, so the number is a place too. */
interface Place {
  readonly cursor: VoteLogCursor | null
  readonly passed: number
}

function writePlace({ cursor, passed }: Place): ExportCursor {
  return `${passed}@${cursor ?? ''}`
}

function readPlace(cursor: ExportCursor | null): Place {
  if (cursor === null) return { cursor: null, passed: 0 }
  const [, passed, inLog] = /^(\d{1,15})@(.+)$/.exec(cursor) ?? []
  if (passed === undefined || inLog === undefined) throw new Error(`"${cursor}" is no place in this vote log`)
  return { cursor: inLog, passed: Number(passed) }
}

/** What one entry of the log brings into a page: an item about a battle, once its texts are there. */
interface Finding<T> {
  readonly entry: LoggedVote
  /** Where the labels of the battle are read: as they were when this was said. */
  readonly labels: LoggedVote
  readonly turns: number
  /** Of the entry with the labels, when it was imported. */
  readonly details: VoteDetails | undefined
  /** @param earlier turns that the prompt brought along, by which votes are told to be later */
  toItem(battle: ExportedBattle, earlier: number): T
}

type Details = ReadonlyMap<string, VoteDetails>

type Finder<T> = (
  entry: LoggedVote,
  about: { readonly history: BattleHistory; readonly details: Details; readonly filter: ExportFilter },
) => Finding<T> | undefined

/** A battle comes with its first entry, so each comes once, in the order of first votes. */
const findBattle: Finder<VotedBattle> = (entry, { history, details, filter }) => {
  const { first, last, votes } = history
  if (first.id !== entry.id) return undefined
  const inPeriod = [...votes.values()].filter(({ at }) => isInPeriod(filter, at))
  if (inPeriod.length === 0) return undefined
  const turns = Math.max(...inPeriod.map(({ turn }) => turn))
  return {
    entry,
    labels: last,
    turns,
    details: details.get(last.id),
    toItem: (battle, earlier) => ({ ...battle, votes: inPeriod.map((vote) => laterBy(earlier, vote)) }),
  }
}

const findVote: Finder<VoteOnBattle> = (entry, { history, details, filter }) => {
  const vote = history.votes.get(entry.id)
  const known = details.get(entry.id)
  if (!vote || !isInPeriod(filter, vote.at)) return undefined
  return {
    entry,
    labels: entry,
    turns: vote.turn,
    details: known,
    toItem: (battle, earlier) => ({ vote: laterBy(earlier, vote), battle, metadata: known?.style ?? null }),
  }
}

function laterBy(turns: number, vote: ExportedVote): ExportedVote {
  return turns === 0 ? vote : { ...vote, turn: vote.turn + turns }
}

async function readPage<T>(engine: ReadingEngine, request: ExportPageRequest, find: Finder<T>): Promise<ExportPage<T>> {
  const [start, end] = [readPlace(request.after), readPlace(request.upTo)]
  const wanted = Math.min(request.limit, end.passed - start.passed)
  if (wanted <= 0 || end.cursor === null) return { items: [], next: null, passed: 0 }
  const read = await engine.readVoteLog(start.cursor, wanted)
  const names = await readNames(engine)
  const said = await engine.readBattleLog(battlesOf(read.entries), end.cursor)
  const ids = said.map(({ id }) => id)
  const details = await engine.read((db) => readVoteDetails(db, engine, ids))
  const histories = toHistories(said, details)
  const findings = read.entries.flatMap((entry) => {
    const history = histories.get(entry.battleId)
    const finding = history && find(entry, { history, details, filter: request.filter })
    return finding && matchesBattle(request.filter, toFacts(finding.labels, names)) ? [finding] : []
  })
  const entries = await countAffordable(engine, read.entries, findings)
  const isWhole = entries === read.entries.length
  const cursor = isWhole ? read.cursor : (await engine.readVoteLog(start.cursor, entries)).cursor
  const passed = start.passed + entries
  return {
    items: await fillIn(engine, findings.filter(isAmong(read.entries.slice(0, entries))), names),
    next: entries === 0 || passed >= end.passed ? null : writePlace({ cursor, passed }),
    passed: entries,
  }
}

type Names = ReadonlyMap<string, string>

async function readNames(engine: ReadingEngine): Promise<Names> {
  const models = await engine.read((db) => listModels(db, engine.schema))
  return new Map(models.map(({ id, name }) => [id, name]))
}

function battlesOf(entries: readonly LoggedVote[]): BattleId[] {
  return [...new Set(entries.map(({ battleId }) => battleId))]
}

function isAmong<T>(entries: readonly LoggedVote[]): (finding: Finding<T>) => boolean {
  const among = new Set(entries)
  return ({ entry }) => among.has(entry)
}

/** How many of the entries can be passed before their texts are too much for one page. At least one. */
async function countAffordable<T>(
  engine: ReadingEngine,
  entries: readonly LoggedVote[],
  findings: readonly Finding<T>[],
): Promise<number> {
  if (findings.length === 0) return entries.length
  const ids = battlesOf(findings.map(({ entry }) => entry))
  const sizes = await engine.read((db) => sizeConversations(db, engine, ids))
  const found = new Set(findings.map(({ entry }) => entry))
  let bytes = 0
  for (const [index, entry] of entries.entries()) {
    if (!found.has(entry)) continue
    bytes += sizes.get(entry.battleId) ?? 0
    sizes.delete(entry.battleId)
    if (bytes > PAGE_BYTES && index > 0) return index
  }
  return entries.length
}

async function fillIn<T>(engine: ReadingEngine, findings: readonly Finding<T>[], names: Names): Promise<T[]> {
  if (findings.length === 0) return []
  const ids = battlesOf(findings.map(({ entry }) => entry))
  const conversations = await engine.read((db) => readConversations(db, engine, ids))
  const battles = await engine.read((db) => readBattleDetails(db, engine, ids))
  return findings.map(({ labels, turns, details, toItem }) => {
    const known = battles.get(labels.battleId)
    const { system, turns: said, earlier } = conversations.get(labels.battleId) ?? NOTHING_KNOWN
    const battle = {
      ...toFacts(labels, names),
      id: labels.battleId,
      source: details?.source ?? known?.source ?? '',
      isErased: false,
      system: known?.system || system,
      turns: said.slice(0, turns + earlier),
      gold: known?.gold ?? null,
    }
    return toItem(battle, earlier)
  })
}

const NOTHING_KNOWN: Conversation = { system: '', turns: [], earlier: 0 }

function toFacts({ arena, models, language, categories }: LoggedVote, names: Names) {
  const nameOf = (id: string) => names.get(id) ?? id
  return { arena, models: { a: nameOf(models.a), b: nameOf(models.b) }, language, categories }
}
