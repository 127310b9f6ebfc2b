import { Component } from 'preact'
import type { LeaderboardRow } from '../../contract/leaderboard.ts'
import { formatCount, formatRating, formatShare } from '../i18n/format.ts'
import { type BoardScale, placeOn } from './board-scale.ts'
import { leaderboardTexts } from './leaderboard-texts.ts'

export interface BoardRowProps {
  readonly row: LeaderboardRow
  readonly scale: BoardScale
  /** `chosen` drops its interval as a band; what the band touches is `near`. */
  readonly mark: 'chosen' | 'near' | null
  readonly isOpen: boolean
  /** The one row that the tab key reaches; from there the arrow keys go on. */
  readonly isTabStop: boolean
  /** First places of the only group there is get a medal. */
  readonly hasMedals: boolean
  readonly language: string
  readonly onPoint: (model: string) => void
  readonly onFocus: (model: string) => void
  readonly onToggle: (model: string) => void
}

/** One model. Drawn anew only when it or its mark has changed, since a board has hundreds. */
export class BoardRow extends Component<BoardRowProps> {
  override shouldComponentUpdate(next: BoardRowProps) {
    const { row, scale, mark, isOpen, isTabStop, hasMedals, language } = this.props
    return (
      next.row !== row ||
      next.scale !== scale ||
      next.mark !== mark ||
      next.isOpen !== isOpen ||
      next.isTabStop !== isTabStop ||
      next.hasMedals !== hasMedals ||
      next.language !== language
    )
  }

  override render({ row, scale, mark, isOpen, isTabStop, hasMedals, onPoint, onFocus, onToggle }: BoardRowProps) {
    const { model, organization, license, preliminary } = row
    const words = leaderboardTexts()
    return (
      <tr
        class={classesOf(mark, preliminary, isOpen)}
        data-model={model}
        onPointerEnter={(event) => event.pointerType === 'mouse' && onPoint(model)}
      >
        <td class="rk">
          <Rank row={row} hasMedals={hasMedals} />
        </td>
        <th scope="row" class="nm">
          <div>
            <button
              type="button"
              class="name"
              dir="auto"
              title={model}
              aria-pressed={isOpen}
              tabIndex={isTabStop ? 0 : -1}
              onFocus={() => onFocus(model)}
              onClick={() => onToggle(model)}
            >
              {model}
            </button>
            {preliminary && (
              <span class="tag" title={words.provisional[row.provisional]}>
                {words.preliminaryTag}
              </span>
            )}
            {organization !== null && (
              <small dir="auto" title={organization}>
                {organization}
              </small>
            )}
          </div>
        </th>
        <td class="n r">{formatRating(row.rating)}</td>
        <td class="ci">{marginOf(row)}</td>
        <td class="iv">
          <Interval row={row} scale={scale} />
        </td>
        <td class="n c2">{formatCount(row.votes)}</td>
        <td class="n c3">{formatShare(row.winRate)}</td>
        <td class="n c4">{formatRating(row.elo)}</td>
        <td class="c5 sub">{license ?? <span class="dim">·</span>}</td>
        {isOpen && <Details row={row} />}
      </tr>
    )
  }
}

function classesOf(mark: BoardRowProps['mark'], preliminary: boolean, isOpen: boolean): string {
  const marks = { chosen: 'sel', near: 'near' }
  return [mark === null ? '' : marks[mark], preliminary ? 'pre' : '', isOpen ? 'open' : ''].filter(Boolean).join(' ')
}

function Rank({ row, hasMedals }: { row: LeaderboardRow; hasMedals: boolean }) {
  const words = leaderboardTexts()
  const { rank, rankLower, rankUpper, preliminary } = row
  const range = rankLower < rankUpper && (
    <>
      <span aria-hidden="true">{`${rankLower}–${rankUpper}`}</span>
      <span class="vh">{words.places(rankLower, rankUpper)}</span>
    </>
  )
  if (preliminary)
    return (
      <>
        <b aria-hidden="true">–</b>
        <span class="vh">{words.noRank}</span>
        {range}
      </>
    )
  return (
    <>
      <b {...(hasMedals && rank <= 3 ? { class: `m${rank}` } : {})}>{rank}</b>
      {range}
    </>
  )
}

/** Half of the interval's width, in whole points. */
function marginOf({ lower, upper }: LeaderboardRow): string {
  return lower === null || upper === null ? '' : `±${formatRating((upper - lower) / 2)}`
}

function Interval({ row, scale }: { row: LeaderboardRow; scale: BoardScale }) {
  const words = leaderboardTexts()
  const { lower, upper, rating } = row
  const isKnown = lower !== null && upper !== null
  const label = isKnown ? words.intervalIs(formatRating(lower), formatRating(upper)) : words.noInterval
  return (
    <div class="pl" role="img" aria-label={label}>
      {scale.ticks.map((tick) => (
        <i key={tick} style={{ left: `${placeOn(scale, tick)}%` }} />
      ))}
      {isKnown && (
        <span class="w" style={{ left: `${placeOn(scale, lower)}%`, right: `${100 - placeOn(scale, upper)}%` }} />
      )}
      {rating >= scale.from && rating <= scale.to && <span class="d" style={{ left: `${placeOn(scale, rating)}%` }} />}
    </div>
  )
}

/** What a narrow window leaves out of the row; a tap opens it. */
function Details({ row }: { row: LeaderboardRow }) {
  const words = leaderboardTexts()
  const facts: readonly (readonly [string, string | null])[] = [
    [words.organization, row.organization],
    [words.votes, formatCount(row.votes)],
    [words.winRate, formatShare(row.winRate)],
    [words.elo, formatRating(row.elo)],
    [words.license, row.license],
  ]
  return (
    <td class="more">
      {row.preliminary && <p>{words.provisional[row.provisional]}</p>}
      <dl>
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </td>
  )
}
