/** A directed graph: the heads of the arcs that leave i are `to[from[i]] … to[from[i + 1] − 1]`. */
export interface Arcs {
  readonly from: Int32Array
  readonly to: Int32Array
}

/**
 * The strong component of every node, by Tarjan's algorithm (1972) without recursion, so that a chain of a thousand
 * models does not overflow the stack. Components are numbered in order of completion. O(nodes + arcs).
 */
export function strongComponents({ from, to }: Arcs): Int32Array {
  const nodes = from.length - 1
  const component = new Int32Array(nodes).fill(-1)
  const order = new Int32Array(nodes)
  const low = new Int32Array(nodes)
  const nextArc = from.slice(0, nodes)
  const open: number[] = []
  const path: number[] = []
  let visited = 0
  let completed = 0

  const enter = (node: number) => {
    visited++
    order[node] = visited
    low[node] = visited
    open.push(node)
    path.push(node)
  }
  const leave = (node: number) => {
    path.pop()
    const parent = path.at(-1)
    if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0)
    if (low[node] !== order[node]) return
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      component[member] = completed
      if (member === node) break
    }
    completed++
  }

  for (let root = 0; root < nodes; root++) {
    if (order[root] !== 0) continue
    enter(root)
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const arc = nextArc[node] ?? 0
      if (arc >= (from[node + 1] ?? 0)) {
        leave(node)
        continue
      }
      nextArc[node] = arc + 1
      const head = to[arc] ?? 0
      if (order[head] === 0) enter(head)
      else if (component[head] === -1) low[node] = Math.min(low[node] ?? 0, order[head] ?? 0)
    }
  }
  return component
}
