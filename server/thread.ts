import { Worker } from 'node:worker_threads'

/** What a thread holds for short-lived objects: enough to work, small enough to rest. */
const YOUNG_MB = 8

/**
 * Starts a module as a thread of its own: `startThread(import.meta.url, './board-worker', data)`. From the built code
 * that is the module itself; from source (tests, `npm run dev`) the thread first learns to read TypeScript, which it
 * does not inherit from its parent.
 */
export function startThread(parentUrl: string, module: string, workerData?: unknown): Worker {
  const extension = parentUrl.endsWith('.ts') ? '.ts' : '.js'
  const entry = new URL(`${module}${extension}`, parentUrl)
  if (extension === '.js')
    return new Worker(entry, { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } })
  const code = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}) })`
  return new Worker(code, { eval: true, workerData })
}
