import { afterEach, expect, test } from 'vitest'
import { networkOf } from '../../../server/accounts/network.ts'
import { testArena, type TestArena } from '../../support/test-arena.ts'

let arena: TestArena | undefined
afterEach(() => arena?.close())

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:0db8:0001:0002::', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s belongs to the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('one address can open only so many sessions, and a valid one costs nothing', async () => {
  arena = await testArena({ settings: { SAMPLE_ARENA: 'on', SESSIONS_PER_MINUTE: '2' } })
  const open = (cookie = '') => fetch(`${arena?.url}/api/v1/session`, { method: 'POST', headers: { cookie } })
  const first = await open()
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0]
  expect(first.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/)
  await open()
  const third = await open()
  expect(third.status).toBe(429)
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0)
  const known = await open(cookie)
  expect(known.status).toBe(204)
  expect(known.headers.get('set-cookie')).toBeNull()
})
