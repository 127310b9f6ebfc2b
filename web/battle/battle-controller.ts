import { computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import type { ArenaStatus } from '../../contract/arena.ts'
import type { Outcome } from '../../contract/outcome.ts'
import type { ServerFrame, ServerFrameOf } from '../../contract/socket.ts'
import type { ArenaSocket } from '../socket.ts'
import type { Memory } from '../storage.ts'
import {
  type Asking,
  type BattleEvent,
  type BattleState,
  canVote,
  type GivenVote,
  isPassing,
  lastTurn,
  NO_BATTLE,
  phaseOf,
  reduceBattle,
  retryDelayMs,
} from './battle-state.ts'
import { keptVotes } from './kept-votes.ts'

/** Everything that a person can do on the battle page. Each does nothing when it is not possible now. */
export interface BattleController {
  readonly state: ReadonlySignal<BattleState>
  /** Takes up the battle from before a reload, or shows what there is to begin with. */
  begin(arena: ArenaStatus): void
  startLive(prompt: string): void
  startPrepared(): void
  followUp(prompt: string): void
  regenerate(): void
  stop(): void
  vote(outcome: Outcome): void
  undo(): void
  /** The next pair after a vote; where there is none, the empty page. */
  next(): void
  /** Leaves this battle for another one. */
  newBattle(): void
  /** Gives up waiting and goes back to the empty page. */
  leave(): void
  /** Tries again what was refused. */
  retry(): void
  close(): void
}

export interface BattleNeeds {
  readonly socket: ArenaSocket
  /** Of this tab: which battle it shows. */
  readonly tab: Memory
  /** Of this browser: votes that wait for the line. */
  readonly device: Memory
  readonly makeId: () => string
  readonly now: () => number
  readonly language: () => string
}

const CURRENT = 'ringside.battle'

export function openBattle({ socket, tab, device, makeId, now, language }: BattleNeeds): BattleController {
  const state = signal<BattleState>(NO_BATTLE)
  const votes = keptVotes(device)
  const timers = new Set<ReturnType<typeof setTimeout>>()
  // Read before the first state is remembered in its place.
  const remembered = tab.read(CURRENT)
  let arena: ArenaStatus | null = null

  const dispatch = (event: BattleEvent) => {
    state.value = reduceBattle(state.value, event)
  }

  function start(prompt: string | null) {
    const requestId = makeId()
    dispatch({ type: 'asked', asking: { requestId, kind: 'start', prompt, since: now() } })
    socket.send({ type: 'battle-start', requestId, ...(prompt === null ? { language: language() } : { prompt }) })
  }

  function resume(battleId: string) {
    const requestId = makeId()
    dispatch({ type: 'resume-asked', requestId, battleId })
    // Without a line it is asked as soon as there is one.
    socket.send({ type: 'battle-resume', requestId, battleId })
  }

  function firstScreen() {
    if (arena && !arena.liveBattles && arena.preparedBattles) start(null)
  }

  /** Opens the pair after this one while the reveal is being read. */
  function openNext() {
    const { battle, next } = state.value
    if (next || battle?.kind !== 'prepared' || !arena?.preparedBattles) return
    const requestId = makeId()
    dispatch({ type: 'next-asked', requestId })
    socket.send({ type: 'battle-start', requestId, language: language() })
  }

  function sendVote({ retryAt: _, ...vote }: GivenVote) {
    socket.send({ type: 'vote-cast', ...vote })
  }

  function later(delayMs: number, action: () => void) {
    const timer = setTimeout(() => {
      timers.delete(timer)
      action()
    }, delayMs)
    timers.add(timer)
  }

  /** A vote that was refused for the time being goes out again; one that was refused for good tells us to look again. */
  function afterRefusal(frame: ServerFrameOf<'vote-refused'>, before: BattleState) {
    if (isPassing(frame.code)) {
      const again = () => {
        const vote = votes.find(frame.voteId)
        if (vote) sendVote(vote)
        const { withdrawal } = state.value
        if (withdrawal?.voteId === frame.voteId) socket.send({ type: 'vote-withdraw', ...idsOf(withdrawal) })
      }
      return later(retryDelayMs(frame), again)
    }
    votes.forget(frame.voteId)
    if (before.vote?.voteId === frame.voteId && frame.code !== 'battle/not-found') resume(before.vote.battleId)
  }

  function hear(frame: ServerFrame) {
    const before = state.value
    dispatch({ type: 'frame', frame, at: now() })
    if (frame.type === 'vote-recorded') {
      votes.forget(frame.vote.voteId)
      if (phaseOf(state.value) === 'revealed') openNext()
    }
    if (frame.type === 'vote-refused') afterRefusal(frame, before)
    const isGone = frame.type === 'request-refused' && before.resuming !== null && state.value === NO_BATTLE
    if (isGone) firstScreen()
    if (frame.type === 'battle-snapshot' && before.resuming?.requestId === frame.requestId) askAgain()
    if (state.value.behind && state.value.battle) resume(state.value.battle.id)
  }

  /** What was asked within a battle goes out again only after a look at it has shown that it did not arrive. */
  function askAgain() {
    const { asking, battle } = state.value
    if (asking && battle) send(asking, battle.id)
  }

  function send({ kind, requestId, prompt }: Asking, battleId: string) {
    if (kind === 'continue') socket.send({ type: 'battle-continue', requestId, battleId, prompt: prompt ?? '' })
    if (kind === 'regenerate') socket.send({ type: 'battle-regenerate', requestId, battleId })
  }

  function ask(kind: 'continue' | 'regenerate', battleId: string, prompt: string | null) {
    const asking: Asking = { requestId: makeId(), kind, prompt, since: now() }
    dispatch({ type: 'asked', asking })
    send(asking, battleId)
  }

  /** After every welcome: look at the battle again, because its frames went nowhere while the line was down. */
  function catchUp() {
    const { battle, resuming, refusal } = state.value
    if (battle && battle.status !== 'revealed') resume(battle.id)
    else if (resuming) resume(resuming.battleId)
    else if (refusal && isPassing(refusal.code)) start(refusal.prompt)
  }

  for (const vote of votes.all()) sendVote(vote)
  // Told apart from the state, so that storage is written once per battle and not once per frame.
  const shownId = computed(() => state.value.battle?.id ?? state.value.resuming?.battleId)
  const stops = [
    socket.onFrame(hear),
    socket.onOnline(catchUp),
    effect(() => {
      const id = shownId.value
      if (id) tab.write(CURRENT, id)
      else if (arena) tab.remove(CURRENT)
    }),
  ]

  return {
    state,
    begin(status) {
      const isFirst = arena === null
      arena = status
      if (!isFirst) return
      if (remembered === null) return firstScreen()
      const waiting = votes.all().find((vote) => vote.battleId === remembered)
      if (waiting) dispatch({ type: 'vote-given', vote: waiting })
      resume(remembered)
    },
    startLive(prompt) {
      if (prompt.trim() !== '') start(prompt)
    },
    startPrepared: () => start(null),
    followUp(prompt) {
      const { battle } = state.value
      if (battle?.status !== 'ready' || battle.kind !== 'live' || !canVote(state.value) || prompt.trim() === '') return
      ask('continue', battle.id, prompt)
    },
    regenerate() {
      const { battle, asking } = state.value
      const phase = phaseOf(state.value)
      if (!battle || asking || battle.kind !== 'live') return
      if (phase !== 'ready' && phase !== 'failed' && phase !== 'interrupted') return
      ask('regenerate', battle.id, null)
    },
    stop,
    vote(outcome) {
      const { battle } = state.value
      const turn = battle && lastTurn(battle)
      if (!battle || !turn || !canVote(state.value)) return
      const vote: GivenVote = {
        voteId: makeId(),
        battleId: battle.id,
        turn: turn.turn,
        generation: turn.generation,
        outcome,
        retryAt: null,
      }
      votes.keep(vote)
      dispatch({ type: 'vote-given', vote })
      sendVote(vote)
    },
    undo() {
      const { battle, undoUntil, withdrawal } = state.value
      if (battle?.status !== 'revealed' || !battle.vote || withdrawal) return
      if (undoUntil === null || undoUntil <= now()) return
      const given = { voteId: makeId(), supersedes: battle.vote.voteId, battleId: battle.id }
      dispatch({ type: 'withdrawal-given', ...given })
      socket.send({ type: 'vote-withdraw', ...idsOf(given) })
    },
    next() {
      const phase = phaseOf(state.value)
      if (phase !== 'revealed' && phase !== 'withdrawn') return
      goOn()
    },
    newBattle() {
      if (state.value.battle) goOn()
    },
    leave() {
      const { asking } = state.value
      if (asking) socket.forget(asking.requestId)
      dispatch({ type: 'left' })
    },
    retry() {
      const { refusal } = state.value
      if (refusal) start(refusal.prompt)
    },
    close() {
      for (const stop of stops) stop()
      for (const timer of timers) clearTimeout(timer)
    },
  }

  function stop() {
    const { battle } = state.value
    if (battle?.status === 'streaming') socket.send({ type: 'battle-stop', requestId: makeId(), battleId: battle.id })
  }

  /** From a prepared pair to the next one; from a live battle to an empty prompt. */
  function goOn() {
    const { battle, next } = state.value
    stop()
    if (next) dispatch({ type: 'next-wanted', at: now() })
    else if (battle?.kind === 'prepared' && arena?.preparedBattles) start(null)
    else dispatch({ type: 'left' })
  }
}

const idsOf = ({ voteId, supersedes }: { voteId: string; supersedes: string }) => ({ voteId, supersedes })
