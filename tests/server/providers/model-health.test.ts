import { expect, test } from 'vitest'
import { ModelId } from '../../../contract/ids.ts'
import { ModelHealth, type HealthChange } from '../../../server/providers/model-health.ts'

const OWL = ModelId.parse('model-owl')

function watchHealth() {
  const clock = { ms: 0, monotonicMs: () => clock.ms }
  const changes: HealthChange[] = []
  const health = new ModelHealth({
    clock,
    failuresToRest: 3,
    firstRestMs: 1000,
    longestRestMs: 3000,
    onChange: (each) => changes.push(each),
  })
  const fail = (times = 1) => {
    for (let i = 0; i < times; i += 1) health.recordFailure(OWL, 'server', 'server: busy')
  }
  return { clock, changes, health, fail }
}

test('a model rests after several failures in a row, and comes back by itself', () => {
  const { clock, changes, health, fail } = watchHealth()
  fail(2)
  expect(health.isUsable(OWL)).toBe(true)
  fail()
  expect(health.isUsable(OWL)).toBe(false)
  expect(changes).toEqual([{ modelId: OWL, isUsable: false, reason: 'server: busy', restMs: 1000 }])
  clock.ms = 999
  expect(health.isUsable(OWL)).toBe(false)
  clock.ms = 1000
  expect(health.isUsable(OWL)).toBe(true)
})

test('after a rest one failure more is enough, and the next rest is longer, up to a bound', () => {
  const { clock, changes, fail } = watchHealth()
  fail(3)
  for (const restMs of [1000, 2000, 3000]) {
    clock.ms += restMs
    fail()
  }
  expect(changes.map(({ restMs }) => restMs)).toEqual([1000, 2000, 3000, 3000])
})

test('failures of answers that were under way do not make a rest longer', () => {
  const { changes, fail } = watchHealth()
  fail(50)
  expect(changes).toHaveLength(1)
})

test('one answer makes a model well', () => {
  const { clock, changes, health, fail } = watchHealth()
  fail(3)
  clock.ms = 1000
  health.recordAnswer(OWL)
  expect(changes.at(-1)).toEqual({ modelId: OWL, isUsable: true, reason: null, restMs: 0 })
  fail(2)
  expect(health.isUsable(OWL)).toBe(true)
  expect(health.list()).toEqual([
    { modelId: OWL, isUsable: true, failuresInARow: 2, reason: 'server: busy', restLeftMs: 0 },
  ])
})

test.each(['aborted', 'content-filter', 'too-long'] as const)('%s is no illness', (kind) => {
  const { health } = watchHealth()
  for (let i = 0; i < 9; i += 1) health.recordFailure(OWL, kind, kind)
  expect(health.list()).toEqual([])
})
