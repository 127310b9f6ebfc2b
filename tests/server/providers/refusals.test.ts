import { describe, expect, test } from 'vitest'
import { readRetryAfter } from '../../../server/providers/retry-after.ts'
import { askScripted, askSteps } from '../../support/endpoint-client.ts'

describe('F302: what a status means', () => {
  test.each([
    [400, 'bad-request'],
    [401, 'authentication'],
    [402, 'authentication'],
    [403, 'authentication'],
    [404, 'not-found'],
    [413, 'too-long'],
    [418, 'bad-request'],
    [422, 'bad-request'],
  ])('%i is final', async (status, kind) => {
    const { failure, endpoint } = await askSteps({ status, body: '{"error":{"message":"so it is"}}' })
    expect(failure).toMatchObject({ kind, retryable: false, retryAfterMs: null })
    expect(failure?.message).toMatch(new RegExp(`answered ${status}: so it is$`))
    expect(endpoint.requests).toHaveLength(1)
  })

  test.each([
    [408, 'server'],
    [409, 'server'],
    [429, 'rate-limited'],
    [500, 'server'],
    [502, 'server'],
    [503, 'server'],
    [504, 'server'],
    [529, 'server'],
  ])('%i may pass, and the SDK does not repeat it behind our back', async (status, kind) => {
    const { failure, endpoint } = await askSteps({ status, body: 'Gateway timed out' })
    expect(failure).toMatchObject({ kind, retryable: true })
    expect(failure?.message).toContain(`answered ${status}: Gateway timed out`)
    expect(endpoint.requests).toHaveLength(1)
  })

  test.each([
    [501, 'server'],
    [505, 'server'],
    [999, 'malformed'],
  ])('%i will not get better', async (status, kind) => {
    const { failure } = await askSteps({ status, body: 'no' })
    expect(failure).toMatchObject({ kind, retryable: false })
  })

  test('a used-up quota is not waited for, though it comes as 429', async () => {
    const body = JSON.stringify({ error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } })
    const { failure } = await askSteps({ status: 429, body })
    expect(failure).toMatchObject({ kind: 'rate-limited', retryable: false })
  })

  test.each([
    { error: { message: "This model's maximum context length is 4096 tokens", code: 'context_length_exceeded' } },
    { error: { message: 'the request exceeds the available context size' } },
  ])('a conversation that does not fit is told from other bad requests', async (body) => {
    const { failure } = await askSteps({ status: 400, body: JSON.stringify(body) })
    expect(failure).toMatchObject({ kind: 'too-long', retryable: false })
  })

  test.each(['content_filter', 'content_policy_violation'])(
    'a question refused with %s is no fault of the model',
    async (code) => {
      const { failure } = await askSteps({ status: 400, body: JSON.stringify({ error: { message: 'flagged', code } }) })
      expect(failure).toMatchObject({ kind: 'content-filter', retryable: false })
    },
  )

  test.each([
    ['{"error":"plain text"}', 'plain text'],
    ['{"message":"at the top"}', 'at the top'],
    ['{"detail":[{"msg":"field required"}]}', '[{"msg":"field required"}]'],
    ['<html>\r\n<h1>Bad\u001b[31m</h1>', '<html> <h1>Bad [31m</h1>'],
    ['', ''],
  ])('an error of any shape becomes one line: %j', async (body, text) => {
    const { failure } = await askSteps({ status: 500, body })
    expect(failure?.message.replace(/^[^ ]+ answered 500:? ?/, '')).toBe(text)
  })

  test('an endless error page is cut', async () => {
    const { failure, endpoint } = await askSteps({ status: 500 }, { repeat: 'x'.repeat(10_000) })
    expect(failure?.message.length).toBeLessThan(400)
    expect(await endpoint.requests[0]?.closed).toBe('aborted')
  })
})

describe('F303: how long an endpoint wants us to wait', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')

  test.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': '99999' }, 86_400_000],
    [{ 'retry-after': '-3' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '1e9' }, null],
    [{ 'retry-after': '' }, null],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:07 GMT' }, 7000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'Sun, 99 Mar 2026' }, null],
    [{ 'retry-after-ms': '250' }, 250],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after-ms': '-1', 'retry-after': '9' }, 9000],
    [{ 'retry-after-ms': 'x', 'retry-after': '9' }, 9000],
    [{}, null],
  ])('%j', (headers, waitMs) => {
    expect(readRetryAfter(new Headers(headers), now)).toBe(waitMs)
  })

  test('it comes with the failure', async () => {
    const recipe = { steps: [{ status: 429, headers: { 'retry-after': 'Sun, 01 Mar 2026 12:00:07 GMT' }, body: '' }] }
    const { failure } = await askScripted(recipe, { now: () => now })
    expect(failure).toMatchObject({ kind: 'rate-limited', retryable: true, retryAfterMs: 7000 })
  })
})
