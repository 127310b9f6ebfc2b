import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeScratchFolder } from '../../support/scratch-folder.ts'

const scratch = makeScratchFolder()
afterAll(() => scratch.remove())

const script = new URL('./slow-export-process.ts', import.meta.url).pathname
const loader = createRequire(import.meta.url).resolve('tsx')

/** Runs an export and sends it a signal in the middle. */
async function interrupt(argv: string[], signal: NodeJS.Signals): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, ['--import', loader, script, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('in the middle')) child.kill(signal)
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stderr }
}

test('killed at once, an export leaves nothing under the name that was asked for', async () => {
  const file = join(scratch.path, 'killed.jsonl')
  expect((await interrupt(['dpo', '--output', file], 'SIGKILL')).code).toBeNull()
  const left = readdirSync(scratch.path)
  expect(left.filter((name) => !name.startsWith('.ringside-export-'))).toEqual([])
  expect(left).toHaveLength(1)
})

test.each(['SIGTERM', 'SIGINT'] as const)('after %s it takes its unfinished files away and says so', async (signal) => {
  const folder = join(scratch.path, signal)
  const { code, stderr } = await interrupt(['dpo', '--output', `${folder}/`], signal)
  expect(code).toBe(1)
  expect(stderr).toContain(`interrupted by ${signal}: nothing was written`)
  expect(existsSync(folder)).toBe(false)
})
