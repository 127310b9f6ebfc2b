import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/**
 * What Prometheus may read. Nothing here is per model: whoever can read counters could watch which one moves when a
 * battle starts, and would not be blind any more.
 */
export class Metrics {
  readonly registry = new Registry()
  readonly #votes: Counter<'outcome' | 'counted'>
  readonly #voteSeconds: Histogram
  readonly #withdrawals: Counter
  readonly #battles: Counter<'kind'>
  readonly #turns: Counter<'end'>
  readonly #sockets: Gauge
  readonly #refusals: Counter<'code'>

  /** @param storeGauges figures of the store, by name in camelCase */
  constructor({
    streaming,
    storeGauges,
  }: {
    streaming: () => number
    storeGauges: () => Promise<Readonly<Record<string, number>>>
  }) {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.#votes = new Counter({
      name: 'ringside_votes_total',
      help: 'Votes recorded',
      labelNames: ['outcome', 'counted'],
      registers,
    })
    this.#voteSeconds = new Histogram({
      name: 'ringside_vote_seconds',
      help: 'Time from a vote to its commit on disk',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    })
    this.#withdrawals = new Counter({ name: 'ringside_withdrawals_total', help: 'Votes taken back', registers })
    this.#battles = new Counter({
      name: 'ringside_battles_total',
      help: 'Battles started',
      labelNames: ['kind'],
      registers,
    })
    this.#turns = new Counter({
      name: 'ringside_turns_total',
      help: 'Live turns by how they ended',
      labelNames: ['end'],
      registers,
    })
    this.#sockets = new Gauge({ name: 'ringside_sockets', help: 'Open sockets', registers })
    this.#refusals = new Counter({
      name: 'ringside_refusals_total',
      help: 'Refused frames and requests',
      labelNames: ['code'],
      registers,
    })
    new Gauge({
      name: 'ringside_store',
      help: 'Figures of the store: waiting writes, bytes of unmerged log, lag of the log and others',
      labelNames: ['figure'],
      registers,
      async collect() {
        for (const [figure, value] of Object.entries(await storeGauges())) this.set({ figure }, value)
      },
    })
    new Gauge({
      name: 'ringside_streaming_battles',
      help: 'Battles whose answers are being written',
      registers,
      collect() {
        this.set(streaming())
      },
    })
  }

  voteRecorded(outcome: string, counted: boolean, tookMs: number): void {
    this.#votes.inc({ outcome, counted: String(counted) })
    this.#voteSeconds.observe(tookMs / 1_000)
  }

  voteWithdrawn(): void {
    this.#withdrawals.inc()
  }

  battleStarted(kind: string): void {
    this.#battles.inc({ kind })
  }

  turnEnded(end: string): void {
    this.#turns.inc({ end })
  }

  socketOpened(): void {
    this.#sockets.inc()
  }

  socketClosed(): void {
    this.#sockets.dec()
  }

  refused(code: string): void {
    this.#refusals.inc({ code })
  }
}
