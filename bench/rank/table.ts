/** One figure: ours, what it should be at most, what the usual way takes. Times in milliseconds. */
export interface Figure {
  readonly name: string
  readonly ms: number
  /** Must be reached, and should be. */
  readonly target?: readonly [must: number, should: number]
  readonly baseline?: { readonly ms: number; readonly note?: string } | undefined
}

/** Median of some runs after one that warms up, and the last result. */
export function median<T>(runs: number, run: () => T): { ms: number; result: T } {
  let result = run()
  const times = Array.from({ length: runs }, () => {
    const start = performance.now()
    result = run()
    return performance.now() - start
  }).toSorted((x, y) => x - y)
  return { ms: times[Math.floor(times.length / 2)] ?? Number.NaN, result }
}

export function printFigures(figures: readonly Figure[]): void {
  const rows = figures.map(({ name, ms, target, baseline }) => [
    name,
    format(ms),
    target ? `${format(target[0])} (${format(target[1])})` : '',
    target ? (ms <= target[1] ? 'reached' : ms <= target[0] ? 'met' : 'MISSED') : '',
    baseline ? format(baseline.ms) + (baseline.note ?? '') : '',
    baseline ? `${Math.round(baseline.ms / ms)} ×` : '',
  ])
  const head = ['', 'median ms', 'target (reach)', '', 'the usual way ms', 'ratio']
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  for (const row of all) {
    const cells = row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k] ?? 0) : cell.padStart(widths[k] ?? 0)))
    console.log(cells.join('  ').trimEnd())
  }
}

function format(ms: number): string {
  if (ms >= 100) return ms.toFixed(0)
  return ms >= 1 ? ms.toFixed(1) : ms.toFixed(4)
}
