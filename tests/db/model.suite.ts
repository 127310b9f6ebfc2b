import { beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../db/store.ts'
import { modelOf, newVoterId, NOON, type Arena } from './arena-facts.ts'

/** Models and voters, on any engine. */
export function describeModels(given: () => Arena): void {
  let store: Store

  beforeAll(() => {
    store = given().store
  })

  describe('models', () => {
    test('a model keeps its id when it is told again, and everything else follows', async () => {
      const first = modelOf('heron')
      await store.upsertModels([first])
      const changed = modelOf('heron', { organization: null, weight: 0.25, price: null, endpoint: null, sample: true })
      const all = await store.upsertModels([changed])
      const { at: _at, ...rest } = changed
      expect(all.filter(({ name }) => name === 'heron')).toEqual([{ ...rest, id: first.id, createdAt: first.at }])
    })

    test('a model comes back as it was told, endpoint and parameters included', async () => {
      const model = modelOf('ibis', {
        endpoint: {
          baseUrl: 'https://models.example/v1',
          model: 'ibis-7b',
          apiKeyEnv: null,
          systemPrompt: 'Отвечай кратко.',
          params: { temperature: 0, stop: ['\n\n'], nested: { top: 1 } },
        },
        modalities: ['text', 'image'],
      })
      await store.upsertModels([model])
      const { at, ...rest } = model
      expect(await store.listModels()).toContainEqual({ ...rest, createdAt: at })
    })

    test('models are listed by name, byte by byte', async () => {
      await store.upsertModels(['b-2', 'Zebra', 'a_1', 'a-1', 'Яна'].map((name) => modelOf(name)))
      const names = (await store.listModels()).map(({ name }) => name)
      expect(names).toEqual(names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))))
      expect(names.indexOf('Zebra')).toBeLessThan(names.indexOf('a-1'))
    })

    test('models can be paused and taken up again', async () => {
      const [one, two] = [modelOf('wren'), modelOf('robin')]
      await store.upsertModels([one, two])
      const statusOf = async () => {
        const found = (await store.listModels()).filter(({ id }) => id === one.id || id === two.id)
        return Object.fromEntries(found.map(({ name, status }) => [name, status]))
      }
      await store.setModelStatus([one.id, two.id], 'paused')
      expect(await statusOf()).toEqual({ wren: 'paused', robin: 'paused' })
      await store.setModelStatus([one.id], 'active')
      expect(await statusOf()).toEqual({ wren: 'active', robin: 'paused' })
      await store.setModelStatus([], 'paused')
      expect(await statusOf()).toEqual({ wren: 'active', robin: 'paused' })
    })
  })

  describe('voters', () => {
    test('a voter is found by the hash of the token and by nothing else', async () => {
      const id = newVoterId()
      await store.recordVoter({ id, tokenHash: 'hash-of-a-token', at: NOON })
      await store.recordVoter({ id, tokenHash: 'hash-of-a-token', at: NOON })
      expect(await store.findVoter('hash-of-a-token')).toBe(id)
      expect(await store.findVoter('HASH-OF-A-TOKEN')).toBeUndefined()
    })
  })
}
