import type { Board, BoardRow, Effect } from './board.ts'
import type { ComponentFit } from './component-fit.ts'
import { FEW_CLUSTERS } from './covariance.ts'

/** Puts rows and the facts about the fit together. */
export function toBoard(
  fits: readonly ComponentFit[],
  rows: readonly BoardRow[],
  facts: Pick<Board, 'method' | 'interval' | 'votes' | 'clusters'> & { effects: readonly Effect[] },
): Board {
  const side = facts.effects.find((effect) => effect.name === 'side a')
  return {
    ...facts,
    models: rows.length,
    converged: fits.every((fit) => fit.converged),
    iterations: fits.reduce((most, fit) => Math.max(most, fit.iterations), 0),
    components: fits.length,
    ...(side ? { sideEffect: side } : {}),
    rows,
  }
}

/** How sandwich intervals were made, in words. */
export function sandwichName(clusterName: string | undefined, clusters: number): string {
  if (!clusterName) return 'sandwich'
  if (clusters < FEW_CLUSTERS) return `sandwich, the larger of by ${clusterName} and by vote`
  return `sandwich by ${clusterName}`
}
