import type { ProviderLimits } from './provider-limits.ts'
import { ProviderFailure } from './provider.ts'

export type Phase = 'connect' | 'first-token' | 'between-tokens' | 'tail'

/** The clocks of one request. Exactly one phase is running, and the total beside it. */
export interface Deadlines {
  enter(phase: Phase): void
  /** A token came. Costs one reading of the clock: the timer looks at the time only when it fires. */
  touch(): void
  stop(): void
}

export function startDeadlines(limits: ProviderLimits, onExpired: (phase: Phase | 'total') => void): Deadlines {
  const totalEndsAt = performance.now() + limits.totalMs
  let phase: Phase = 'connect'
  let phaseEndsAt = performance.now() + limits.connectMs
  let timer: NodeJS.Timeout | undefined

  const arm = (): void => {
    clearTimeout(timer)
    timer = setTimeout(check, Math.max(1, Math.min(phaseEndsAt, totalEndsAt) - performance.now()))
  }
  const check = (): void => {
    const now = performance.now()
    if (now >= phaseEndsAt) onExpired(phase)
    else if (now >= totalEndsAt) onExpired('total')
    else arm()
  }

  arm()
  return {
    enter: (next) => {
      phase = next
      phaseEndsAt = performance.now() + durationOf(next, limits)
      arm()
    },
    touch: () => {
      if (phase === 'between-tokens') {
        phaseEndsAt = performance.now() + limits.betweenTokensMs
        return
      }
      if (phase === 'tail') return
      phase = 'between-tokens'
      phaseEndsAt = performance.now() + limits.betweenTokensMs
      arm()
    },
    stop: () => clearTimeout(timer),
  }
}

function durationOf(phase: Phase, limits: ProviderLimits): number {
  if (phase === 'connect') return limits.connectMs
  if (phase === 'first-token') return limits.firstTokenMs
  return phase === 'tail' ? limits.tailMs : limits.betweenTokensMs
}

export function toTimeFailure(phase: Phase | 'total', limits: ProviderLimits): ProviderFailure {
  switch (phase) {
    case 'connect':
      return new ProviderFailure('connect', `no connection within ${limits.connectMs} ms`, { retryable: true })
    case 'first-token':
      return new ProviderFailure('stalled', `no token within ${limits.firstTokenMs} ms`, { retryable: false })
    case 'total':
      return new ProviderFailure('stalled', `not complete within ${limits.totalMs} ms`, { retryable: false })
    default:
      return new ProviderFailure('stalled', `silent for ${limits.betweenTokensMs} ms`, { retryable: false })
  }
}
