import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store, StoreError } from '../../db/store.ts'
import { bundleProgram, startChild } from '../support/child-process.ts'
import { readLedger } from '../support/ledger.ts'
import { makeScratchFolder } from '../support/scratch-folder.ts'
import { readLog, readyBattle, recordVoter, setUpArena, voteOn } from './arena-facts.ts'
import { castVotes, makeDataDir, settle, withStore, type DataDir } from './data-dir.ts'

const votingProcess = await bundleProgram(new URL('./voting-process.ts', import.meta.url).pathname)
afterAll(() => votingProcess.remove())

const TRACER = '/usr/bin/strace'
const withoutTracer = existsSync(TRACER) ? undefined : `${TRACER} is not installed`

let dir: DataDir

beforeEach(() => {
  dir = makeDataDir()
})
afterEach(() => dir.remove())

describe('a process that is killed in a storm of votes', () => {
  test('loses no acknowledged vote, and none is there twice', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 100_000)
    let state = seed
    const random = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
    for (let kill = 1; kill <= 5; kill += 1) {
      const acknowledgedSoFar = () => readLedger(dir.ledger).get('acknowledged')?.length ?? 0
      const before = acknowledgedSoFar()
      const child = startChild(votingProcess.file, [dir.path, dir.ledger, '1000000', '60'])
      await expect.poll(() => acknowledgedSoFar() > before + 50, { timeout: 30_000 }).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, random() * 200))
      await child.kill()
      const { lost, ghosts, doubled, found, acknowledged } = await settle(dir)
      expect({ seed, kill, lost, ghosts, doubled }).toEqual({ seed, kill, lost: [], ghosts: [], doubled: 0 })
      expect(found).toBeGreaterThanOrEqual(acknowledged)
    }
  }, 120_000)
})

describe(`a disk that fails${withoutTracer ? ` (skipped: ${withoutTracer})` : ''}`, () => {
  test.skipIf(withoutTracer)('no vote is acknowledged before the disk has confirmed it', async () => {
    const trace = join(dir.folder, 'trace')
    const child = startChild(votingProcess.file, [dir.path, dir.ledger, '60', '3'], {
      prefix: [TRACER, '-f', '-qq', '-y', '-s', '64', '-o', trace, '-e', 'trace=fsync,fdatasync,write,pwrite64'],
    })
    expect(await child.ended, child.output()).toBe(0)
    let unsynced = false
    let acknowledgements = 0
    let violations = 0
    for (const line of readFileSync(trace, 'utf8').split('\n')) {
      if (/pwrite64\(.*ringside\.sqlite-wal/.test(line)) unsynced = true
      if (/fsync\(.*ringside\.sqlite-wal/.test(line)) unsynced = false
      if (!line.includes('"acknowledged ')) continue
      acknowledgements += 1
      if (unsynced) violations += 1
    }
    expect({ acknowledgements, violations }).toEqual({ acknowledgements: 60, violations: 0 })
  })

  test.skipIf(withoutTracer)(
    'after one failed fsync nothing is acknowledged any more, and what was is there',
    async () => {
      const child = startChild(votingProcess.file, [dir.path, dir.ledger, '200', '10'], {
        prefix: [TRACER, '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO:when=30'],
      })
      expect(await child.ended, child.output()).toBe(0)
      const notes = readFileSync(dir.ledger, 'utf8').split('\n')
      const firstUnknown = notes.findIndex((line) => line.startsWith('refused-unknown'))
      expect(firstUnknown).toBeGreaterThan(0)
      expect(notes.slice(firstUnknown).filter((line) => line.startsWith('acknowledged'))).toEqual([])
      expect(notes).toContain('health not-writable needs-restart')
      const { lost, ghosts, acknowledged } = await settle(dir)
      expect({ lost, ghosts }).toEqual({ lost: [], ghosts: [] })
      expect(acknowledged).toBeGreaterThan(0)
    },
  )

  test.skipIf(withoutTracer)(
    'a start that is killed at any of its calls to the disk leaves no arena or a whole one',
    async () => {
      let survived = 0
      let killed = 0
      for (let call = 1; survived === 0; call += 1) {
        rmSync(dir.path, { recursive: true, force: true })
        const child = startChild(votingProcess.file, [dir.path, dir.ledger, '0', '0'], {
          prefix: [
            TRACER,
            '-f',
            '-qq',
            '-o',
            '/dev/null',
            '-e',
            'trace=fsync',
            '-e',
            `inject=fsync:signal=KILL:when=${call}`,
          ],
        })
        const end = await child.ended
        if (end === 0) survived += 1
        else killed += 1
        await withStore(dir, async (store) => {
          expect((await store.listModels()).length).toBeLessThanOrEqual(2)
          expect(await castVotes(await setUpArena(store), 1)).toHaveLength(1)
        })
      }
      expect(killed).toBeGreaterThan(3)
    },
    120_000,
  )
})

describe('a file that may not be written', () => {
  const withoutAttribute = findAttributeProblem()

  test.skipIf(withoutAttribute)(
    `is read, and every write is refused with the reason${withoutAttribute ? ` (skipped: ${withoutAttribute})` : ''}`,
    async () => {
      const cast = await withStore(dir, async (store) => castVotes(await setUpArena(store), 3))
      execFileSync('chattr', ['+i', dir.database])
      try {
        await withStore(dir, async (store) => {
          expect(await store.checkHealth()).toMatchObject({ writable: false, needsRestart: false })
          expect((await readLog(store, 3)).map(({ id }) => id)).toEqual(cast)
          await expect(recordVoter(store)).rejects.toMatchObject({ name: 'StoreError', reason: 'read-only' })
        })
      } finally {
        execFileSync('chattr', ['-i', dir.database])
      }
      await withStore(dir, async (store) => expect(await store.checkHealth()).toMatchObject({ writable: true }))
    },
  )
})

describe('a disk that is full', () => {
  const withoutMount = findMountProblem()

  test.skipIf(withoutMount)(
    `refuses votes plainly, keeps what it acknowledged, and goes on by itself when there is room${withoutMount ? ` (skipped: ${withoutMount})` : ''}`,
    async () => {
      mkdirSync(dir.path)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', dir.path])
      try {
        const acknowledged = await withStore(dir, (store) => fillAndFree(store))
        const found = await withStore(dir, (again) => readLog(again, 0))
        expect(found.map(({ id }) => id)).toEqual(acknowledged)
      } finally {
        // Lazily, so that a failure above is reported and not this one.
        execFileSync('umount', ['-l', dir.path])
      }
    },
  )
})

/** Votes before, while and after the disk is full; returns the votes that were acknowledged. */
async function fillAndFree(store: Store): Promise<string[]> {
  const arena = await setUpArena(store)
  const battles = await Promise.all(Array.from({ length: 40 }, () => readyBattle(arena)))
  const acknowledged = await castVotes(arena, 20)
  const ballast = join(dir.path, 'ballast')
  fillUp(ballast)
  const refusals = new Set<string>()
  for (const battle of battles.slice(0, 20)) {
    const vote = voteOn(battle)
    const result = await store.recordVote(vote).catch((error: StoreError) => error.reason)
    if (typeof result === 'string') refusals.add(result)
    else acknowledged.push(vote.id)
  }
  expect([...refusals]).toEqual(['full'])
  expect(await store.checkHealth()).toMatchObject({ writable: false, needsRestart: false })
  expect(await readLog(store, acknowledged.length)).toHaveLength(acknowledged.length)
  rmSync(ballast)
  await expect.poll(async () => (await store.checkHealth()).writable).toBe(true)
  for (const battle of battles.slice(20)) {
    const vote = voteOn(battle)
    expect(await store.recordVote(vote)).toMatchObject({ kind: 'recorded' })
    acknowledged.push(vote.id)
  }
  return acknowledged
}

function findAttributeProblem(): string | undefined {
  const scratch = makeScratchFolder()
  try {
    for (const change of ['+i', '-i']) execFileSync('chattr', [change, scratch.path], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'files cannot be made immutable here'
  } finally {
    scratch.remove()
  }
}

function findMountProblem(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make a small disk'
  const scratch = makeScratchFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', scratch.path], { stdio: 'ignore' })
    execFileSync('umount', [scratch.path])
    return undefined
  } catch {
    return 'a small disk cannot be mounted here'
  } finally {
    scratch.remove()
  }
}

/** Takes every byte that is left. */
function fillUp(file: string): void {
  for (const size of [65_536, 4_096, 512, 1]) {
    for (;;) {
      try {
        appendFileSync(file, Buffer.alloc(size))
      } catch {
        break
      }
    }
  }
}
