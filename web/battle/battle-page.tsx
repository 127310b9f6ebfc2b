import './battle.css'
import { useEffect, useState } from 'preact/hooks'
import type { Suggestion } from '../../contract/arena.ts'
import type { Api } from '../api.ts'
import { language } from '../i18n/language.ts'
import { texts } from '../i18n/texts.ts'
import type { PageProps } from '../shell/page.ts'
import { useTitle } from '../shell/title.ts'
import type { BattleController } from './battle-controller.ts'
import { BattleStage } from './battle-stage.tsx'
import { phaseOf, screenOf } from './battle-state.ts'
import { ComposerView, forgetDraft } from './composer-view.tsx'
import { ConnectDialog } from './connect-dialog.tsx'
import type { KeyAction } from './keymap.ts'
import { KeysDialog } from './keys-dialog.tsx'
import { LiveRegion } from './live-region.tsx'
import { useReadingChoices } from './reading-choices.ts'
import { ConnectingView, NoModelsView, RefusedView, WaitingView } from './standing-views.tsx'
import { useKeys } from './use-keys.ts'

interface BattlePageProps extends PageProps {
  readonly battle: BattleController
  readonly keysShown: boolean
  readonly showKeys: (shown: boolean) => void
}

export function BattlePage({ api, socket, arena, battle: controller, keysShown, showKeys }: BattlePageProps) {
  useTitle(texts().battle.title)
  const state = controller.state.value
  const connection = socket.connection.value
  const screen = screenOf(state, arena !== null)
  const reading = useReadingChoices(state.battle?.id)
  const [connectShown, showConnect] = useState(false)
  // Of one battle: the next one begins without it.
  const [followedUp, setFollowedUp] = useState<string | null>(null)
  const followingUp = followedUp !== null && followedUp === state.battle?.id
  const setFollowingUp = (open: boolean) => setFollowedUp(open ? (state.battle?.id ?? null) : null)
  const suggestions = useSuggestions(api, screen === 'empty' && arena?.liveBattles === true)

  useEffect(() => {
    if (arena) controller.begin(arena)
  }, [arena])
  useEffect(() => {
    if (state.battle?.kind === 'live') forgetDraft()
  }, [state.battle?.id])

  useKeys((action) => {
    if (action.kind === 'keys') return done(() => showKeys(true))
    if (action.kind === 'stop' && screen === 'waiting') return done(controller.leave)
    if (screen !== 'battle') return false
    if (action.kind === 'stop' && followingUp) return done(() => setFollowingUp(false))
    return actInBattle(action)
  })

  function actInBattle(action: KeyAction): boolean {
    const phase = phaseOf(state)
    switch (action.kind) {
      case 'vote':
        return (phase === 'ready' || phase === 'withdrawn') && done(() => controller.vote(action.outcome))
      case 'next':
        return (phase === 'revealed' || phase === 'withdrawn') && done(controller.next)
      case 'undo':
        return phase === 'revealed' && done(controller.undo)
      case 'stop':
        if (phase === 'streaming') return done(controller.stop)
        return reading.enlarged !== null && done(reading.showBoth)
      case 'follow-up':
        return phase === 'ready' && state.battle?.kind === 'live' && done(() => setFollowingUp(true))
      case 'ask-again':
        return done(controller.regenerate)
      case 'new-battle':
        return done(controller.newBattle)
      case 'in-step':
        return done(reading.toggleInStep)
      case 'raw':
        return done(reading.toggleRawOfBoth)
      case 'enlarge':
        return done(() => reading.toggleEnlarged(action.side))
      case 'keys':
        return false
    }
  }

  return (
    <>
      {screen === 'connecting' && <ConnectingView connection={connection} />}
      {screen === 'waiting' && state.asking && (
        <WaitingView asking={state.asking} connection={connection} onLeave={controller.leave} />
      )}
      {screen === 'refused' && state.refusal && (
        <RefusedView refusal={state.refusal} onRetry={controller.retry} onLeave={controller.leave} />
      )}
      {screen === 'empty' && arena?.liveBattles && (
        <ComposerView
          arena={arena}
          suggestions={suggestions}
          onSend={controller.startLive}
          onPreparedPair={controller.startPrepared}
        />
      )}
      {screen === 'empty' && arena?.liveBattles === false && (
        <NoModelsView arena={arena} onPreparedPair={controller.startPrepared} onConnect={() => showConnect(true)} />
      )}
      {screen === 'battle' && arena && (
        <BattleStage
          {...{ state, arena, connection, controller, reading, followingUp }}
          onFollowUp={setFollowingUp}
          onConnect={() => showConnect(true)}
          onKeys={() => showKeys(true)}
        />
      )}
      <LiveRegion state={controller.state} connection={socket.connection} />
      {keysShown && <KeysDialog onClose={() => showKeys(false)} />}
      {connectShown && <ConnectDialog sampleArena={arena?.sampleArena ?? false} onClose={() => showConnect(false)} />}
    </>
  )
}

/** A key that has a meaning now is ours: the browser must not scroll or go back with it. */
function done(act: () => void): true {
  act()
  return true
}

/** Prompts to begin with, when the empty page asks for them. Without an answer the page goes without. */
function useSuggestions(api: Api, wanted: boolean): readonly Suggestion[] {
  const [suggestions, setSuggestions] = useState<readonly Suggestion[]>([])
  const spoken = language.value
  useEffect(() => {
    if (!wanted) return
    const stopped = new AbortController()
    api.listSuggestions(spoken, stopped.signal).then(setSuggestions, () => setSuggestions([]))
    return () => stopped.abort()
  }, [wanted, spoken])
  return suggestions
}
