import { describe, expect, test } from 'vitest'
import { askScripted, askSteps, chunkOf } from '../../support/endpoint-client.ts'
import type { Step } from '../../support/scripted-endpoint.ts'

describe('F311: thinking is kept apart', () => {
  test.each(['reasoning_content', 'reasoning'])('in the field %s', async (field) => {
    const { text, reasoning } = await askSteps(
      { reasoning: 'Let me ', field },
      { reasoning: 'see.', field },
      { chunk: 'Yes.' },
      { end: true },
    )
    expect(reasoning).toBe('Let me see.')
    expect(text).toBe('Yes.')
  })

  test('sent in both fields at once it counts once', async () => {
    const thought = chunkOf({ reasoning_content: 'Hm.', reasoning: 'Hm.' })
    const { reasoning } = await askSteps(thought, { chunk: 'Yes.' }, { end: true })
    expect(reasoning).toBe('Hm.')
  })

  test('as parts of the content', async () => {
    const { text, reasoning } = await askSteps(
      chunkOf({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] }),
      chunkOf({ content: [{ type: 'text', text: 'Yes.' }, { type: 'image_url', text: 'no' }, null, 7] }),
      { end: true },
    )
    expect(reasoning).toBe('Hm.')
    expect(text).toBe('Yes.')
  })

  const TAGGED = '<think>\nLet me </thin see.</think>\n\nYes: `<think>a</think>`.'

  test('tags are text unless the operator says that they are thinking', async () => {
    const { text, reasoning } = await askSteps({ chunk: TAGGED }, { end: true })
    expect(text).toBe(TAGGED)
    expect(reasoning).toBe('')
  })

  test.each([1, 2, 3, 5, 7, 100])(
    'tags in pieces of %i characters, and later ones stay in the answer',
    async (size) => {
      const steps: Step[] = (TAGGED.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []).map((chunk) => ({ chunk }))
      const options = { endpoint: { params: { ringsideThinkTags: true } } }
      const { text, reasoning, endpoint } = await askScripted({ steps: [...steps, { end: true }] }, options)
      expect(reasoning).toBe('\nLet me </thin see.')
      expect(text).toBe('Yes: `<think>a</think>`.')
      expect(endpoint.requests[0]?.body).not.toContain('ringside')
    },
  )

  test.each([
    ['<think>never closed', 'never closed', 'empty'],
    ['<think>never closed </thi', 'never closed </thi', 'empty'],
  ])('an unclosed tag leaves no answer: %s', async (chunk, reasoning, kind) => {
    const reply = await askScripted(
      { steps: [{ chunk }, { end: true }] },
      { endpoint: { params: { ringsideThinkTags: true } } },
    )
    expect(reply.reasoning).toBe(reasoning)
    expect(reply.failure?.kind).toBe(kind)
  })

  test.each(['<thin air', 'A <think> in the middle', '<', '  <b>bold</b>'])(
    'no tag, no thinking: %s',
    async (chunk) => {
      const reply = await askScripted(
        { steps: [{ chunk }, { end: true }] },
        { endpoint: { params: { ringsideThinkTags: true } } },
      )
      expect(reply.text).toBe(chunk)
      expect(reply.reasoning).toBe('')
    },
  )
})

describe('F312: how an answer ends', () => {
  test.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['end_turn', 'stop'],
    ['STOP', 'stop'],
    ['length', 'length'],
    ['max_tokens', 'length'],
    ['MAX_TOKENS', 'length'],
  ])('%s is complete', async (reason, finish) => {
    const { end } = await askSteps({ chunk: 'Yes.' }, { end: reason })
    expect(end?.finish).toBe(finish)
  })

  test.each([
    ['content_filter', 'content-filter', false],
    ['SAFETY', 'content-filter', false],
    ['tool_calls', 'unsupported', false],
    ['function_call', 'unsupported', false],
    ['error', 'server', true],
    ['insufficient_system_resource', 'server', true],
    ['whatever_this_is', 'malformed', false],
  ])('%s cannot be compared, and the operator reads the word', async (reason, kind, retryable) => {
    const { failure, end, text } = await askSteps({ chunk: 'Yes.' }, { end: reason })
    expect(failure).toMatchObject({ kind, retryable })
    expect(failure?.message).toContain(reason)
    expect(end).toBeUndefined()
    expect(text).toBe('Yes.')
  })

  test('a null reason is none', async () => {
    const { failure } = await askSteps({ chunk: 'Yes.' }, { finish: null }, { raw: 'data: [DONE]\n\n' })
    expect(failure?.kind).toBe('cut')
  })

  test('a reason that comes twice counts once, the first one', async () => {
    const { end, notices } = await askSteps(
      { chunk: 'Yes.' },
      { finish: 'length' },
      { finish: 'stop' },
      { raw: 'data: [DONE]\n\n' },
    )
    expect(end?.finish).toBe('length')
    expect(notices).toEqual(['the finish reason came more than once'])
  })

  test('a filter that strikes after the finish reason still strikes', async () => {
    const { failure } = await askSteps({ chunk: 'Yes.' }, { finish: 'stop' }, { finish: 'content_filter' })
    expect(failure?.kind).toBe('content-filter')
  })

  test.each([{ tool_calls: [{ index: 0, function: { name: 'f' } }] }, { function_call: { name: 'f' } }])(
    'a tool call instead of an answer: %j',
    async (delta) => {
      const { failure } = await askSteps(chunkOf(delta), { end: true })
      expect(failure).toMatchObject({ kind: 'unsupported', retryable: false })
    },
  )

  test('an empty list of tool calls is none', async () => {
    const { text } = await askSteps(chunkOf({ content: 'Yes.', tool_calls: [] }), { end: true })
    expect(text).toBe('Yes.')
  })

  test('a refusal in its own field looks like one in the text', async () => {
    const fromField = await askSteps(chunkOf({ refusal: 'I cannot ' }), chunkOf({ refusal: 'help.' }), { end: true })
    const fromText = await askSteps({ chunk: 'I cannot ' }, { chunk: 'help.' }, { end: true })
    expect(fromField.events).toEqual(fromText.events)
    expect(fromField.text).toBe('I cannot help.')
  })
})

describe('F313: more than was asked for', () => {
  const choice = (index: number, content: string) => ({ index, delta: { content }, finish_reason: null })

  test('of several choices only the first is read, wherever it stands', async () => {
    const { text, notices } = await askSteps(
      { event: { choices: [choice(0, 'one '), choice(1, 'ONE ')] } },
      { event: { choices: [choice(1, 'TWO')] } },
      { event: { choices: [choice(1, 'x'), choice(0, 'two')] } },
      { end: true },
    )
    expect(text).toBe('one two')
    expect(notices).toContain('there is more than one choice; only the first is read')
  })

  test('only one choice is asked for, whatever the parameters say', async () => {
    const params = { n: 3, stream: false, model: 'other', messages: [], temperature: 0.3, max_tokens: 5 }
    const { endpoint } = await askScripted({}, { endpoint: { params, systemPrompt: 'Be kind.' } })
    expect(JSON.parse(endpoint.requests[0]?.body ?? '')).toEqual({
      model: 'owl',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.3,
      max_tokens: 5,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'How are you?' },
      ],
    })
  })

  test('repeated text is text', async () => {
    const { text } = await askSteps({ chunk: 'ha' }, { chunk: 'ha' }, { chunk: 'ha' }, { end: true })
    expect(text).toBe('hahaha')
  })

  test('a change of id or model within an answer is told to the operator once', async () => {
    const as = (id: string, model: string): Step => ({ event: { id, model, choices: [choice(0, 'x')] } })
    const { text, notices } = await askSteps(as('1', 'm'), as('2', 'm'), as('3', 'n'), as('4', 'n'), { end: true })
    expect(text).toBe('xxxx')
    expect(notices).toEqual(['the id changed within one answer', 'the model changed within one answer'])
  })
})
