import type { Board, BoardRow, Effect } from './board.ts'
import type { BoardFit } from './board-fit.ts'
import { FEW_CLUSTERS } from './component-fit.ts'

/** Puts the fit of a Bradley–Terry board and its rows together, saying how it was made. */
export function toBoard(
  fits: BoardFit,
  rows: readonly BoardRow[],
  {
    votes,
    sideEffect,
    clusterName,
  }: { votes: number; sideEffect: boolean; clusterName?: string | undefined },
): Board {
  const main = fits[0]
  const clusters = main?.clusters ?? 0
  return {
    method: 'bt',
    interval: intervalName(clusterName, clusters),
    models: rows.length,
    votes,
    converged: fits.every((fit) => fit.converged),
    iterations: fits.reduce((most, fit) => Math.max(most, fit.iterations), 0),
    components: fits.length,
    clusters,
    criticalValue: main?.criticalValue ?? 0,
    ...(sideEffect && main ? { sideEffect: sideEffectOf(main) } : {}),
    rows,
  }
}

function intervalName(clusterName: string | undefined, clusters: number): string {
  if (!clusterName) return 'sandwich'
  return clusters < FEW_CLUSTERS
    ? `sandwich, the larger of by ${clusterName} and by vote`
    : `sandwich by ${clusterName}`
}

function sideEffectOf({ point, errors, size }: BoardFit[number]): Effect {
  return { name: 'side a', estimate: point[size - 1] ?? 0, se: errors[size - 1] ?? 0 }
}
