import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'
import { texts, type Texts } from '../i18n/texts.ts'
import type { Connection } from '../socket.ts'
import { type Announcement, announcementsBetween } from './announcements.ts'
import type { BattleState } from './battle-state.ts'

interface LiveRegionProps {
  readonly state: ReadonlySignal<BattleState>
  readonly connection: ReadonlySignal<Connection>
}

/** Reads the news out, politely, and only the news: never a token of an answer. */
export function LiveRegion({ state, connection }: LiveRegionProps) {
  const [said, setSaid] = useState('')
  const before = useRef(state.value)
  const { announce } = texts().battle
  const after = state.value
  useEffect(() => {
    const news = announcementsBetween(before.current, after, connection.value === 'online')
    before.current = after
    if (news.length > 0) setSaid(news.map((one) => sentenceOf(one, announce)).join(' '))
  }, [after])
  return (
    <div class="vh spoken" role="status" aria-live="polite">
      {said}
    </div>
  )
}

function sentenceOf(news: Announcement, announce: Texts['battle']['announce']): string {
  switch (news.kind) {
    case 'answer-ended':
      return announce.answerEnded(news.side)
    case 'voting-open':
      return announce.votingOpen
    case 'failed':
    case 'interrupted':
    case 'withdrawn':
      return announce[news.kind]
    case 'vote-kept':
      return announce.voteKept
    case 'revealed':
      return announce.revealed(news.outcome, news.reveal.a.name, news.reveal.b.name)
  }
}
