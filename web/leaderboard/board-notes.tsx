import type { Leaderboard, LeaderboardRow } from '../../contract/leaderboard.ts'
import { formatCount, formatMoment } from '../i18n/format.ts'
import { language } from '../i18n/language.ts'
import { leaderboardTexts } from './leaderboard-texts.ts'

/** Names that are said before the rest is counted. */
const MOST_NAMES = 4

interface WhyProps {
  readonly chosen: LeaderboardRow | null
  /** Null: nobody can say, there is no interval. */
  readonly near: readonly LeaderboardRow[] | null
  /** The chosen model has nobody to be compared with. */
  readonly isAlone: boolean
}

/** One sentence over the table: what the model at hand cannot be told apart from. Keeps its place when there is none. */
export function Why({ chosen, near, isAlone }: WhyProps) {
  const words = leaderboardTexts()
  if (!chosen)
    return (
      <p class="why idle">
        <span class="by-pointer">{words.hint}</span>
        <span class="by-touch">{words.hintTouch}</span>
      </p>
    )
  return (
    <p class="why" role="status">
      <b>
        <bdi>{chosen.model}</bdi>
      </b>
      <span>{sentenceAbout(near, isAlone)}</span>
    </p>
  )
}

function sentenceAbout(near: readonly LeaderboardRow[] | null, isAlone: boolean): string {
  const words = leaderboardTexts()
  if (isAlone) return words.alone
  if (near === null) return words.unknown
  return near.length === 0 ? words.distinct : words.indistinct(listNames(near.map(({ model }) => model)))
}

/** Names joined as the language joins them, the many cut short: `A, B, C, D and 3 others`. */
export function listNames(names: readonly string[]): string {
  const said = names.length > MOST_NAMES + 1 ? names.slice(0, MOST_NAMES) : names
  // Isolated, so that a name in another direction does not turn the sentence around it.
  const isolated = said.map((name) => `\u2068${name}\u2069`)
  const others = names.length - said.length
  const all = others > 0 ? [...isolated, leaderboardTexts().andOthers(others)] : isolated
  return new Intl.ListFormat(language.value, { type: 'conjunction' }).format(all)
}

/** Under the table: where its numbers come from. */
export function SourceLine({ board }: { board: Leaderboard }) {
  const words = leaderboardTexts()
  const example = board.rows.find(({ preliminary, rankLower, rankUpper }) => !preliminary && rankLower < rankUpper)
  const hasPreliminary = board.rows.some(({ preliminary }) => preliminary)
  const facts = [
    words.source({ count: board.votes, text: formatCount(board.votes) }),
    ...(board.lastVoteAt === null ? [] : [words.lastVote(formatMoment(Date.parse(board.lastVoteAt)))]),
    ...(board.logCursor === null ? [] : [`${words.logPosition} ${board.logCursor}`]),
    'Bradley–Terry',
  ]
  return (
    <div class="source">
      <p>{facts.join(' · ')}</p>
      <p>
        {example && `${words.rankExample(example.rankLower, example.rankUpper)} `}
        {hasPreliminary && words.dashed}
      </p>
      {!board.converged && <p>{words.notConverged}</p>}
    </div>
  )
}

const REASONS = ['identityLeaked', 'revealed', 'withdrawn', 'excluded'] as const

export function HowComputed({ board }: { board: Leaderboard }) {
  const words = leaderboardTexts()
  const leftOut = REASONS.filter((reason) => board.notCounted[reason] > 0).map(
    (reason) => `${formatCount(board.notCounted[reason])} ${words.reasons[reason]}`,
  )
  return (
    <section class="how">
      <h2>{words.how}</h2>
      <dl>
        <dt>{words.estimator}</dt>
        <dd>{words.estimatorIs}</dd>
        <dt>{words.interval}</dt>
        <dd>{words.intervalIsHow}</dd>
        <dt>{words.elo}</dt>
        <dd>{words.eloIsHow}</dd>
      </dl>
      <dl>
        <dt>{words.votesUsed}</dt>
        <dd class="num">{formatCount(board.votes)}</dd>
        <dt>{words.leftOut}</dt>
        <dd class="num">{leftOut.length === 0 ? words.leftOutNothing : leftOut.join(' · ')}</dd>
      </dl>
    </section>
  )
}
