import { expect, test } from 'vitest'
import { estimateTokens } from '../../../server/categories/token-estimate.ts'

/** Counted once with o200k_base (gpt-tokenizer 4.0.0), which Ringside does not ship. */
const COUNTED: readonly (readonly [name: string, tokens: number, text: string])[] = [
  [
    'English',
    92,
    'The ferry leaves at seven, but only if the wind has dropped below thirty knots by then. Last autumn it stayed in the harbour for nine days, and the shop on the island ran out of bread, then of batteries, and finally of patience. My grandmother, who had seen worse, baked for the whole street and refused to be paid. When the boat came back at last, nobody cheered; people simply stood on the quay and counted the crates.',
  ],
  [
    'Russian',
    109,
    'Паром уходит в семь, но только если к этому времени ветер стихнет. Прошлой осенью он простоял в гавани девять дней, и в магазине на острове сначала кончился хлеб, потом батарейки, а под конец и терпение. Бабушка, видавшая и не такое, пекла на всю улицу и денег не брала. Когда судно наконец вернулось, никто не кричал «ура»: люди просто стояли на причале и считали ящики.',
  ],
  [
    'German',
    51,
    'Die Fähre fährt um sieben, aber nur, wenn der Wind bis dahin nachgelassen hat. Im vergangenen Herbst lag sie neun Tage im Hafen, und im Inselladen gingen zuerst das Brot, dann die Batterien und schließlich die Geduld aus.',
  ],
  [
    'Chinese',
    56,
    '渡船七点出发,但前提是风到那时已经减弱。去年秋天它在港口停了九天,岛上的商店先是没有了面包,然后没有了电池,最后连耐心也没有了。',
  ],
  [
    'code',
    91,
    "export function pickPair(models, random) {\n  const first = Math.floor(random() * models.length)\n  const rest = models.filter((_, index) => index !== first)\n  const second = rest[Math.floor(random() * rest.length)]\n  if (second === undefined) throw new Error('at least two models are needed')\n  return random() < 0.5 ? [models[first], second] : [second, models[first]]\n}",
  ],
]

test.each(COUNTED)('the length of a text in %s is estimated within a fifth', (_name, tokens, text) => {
  expect(estimateTokens(text) / tokens).toBeGreaterThan(0.8)
  expect(estimateTokens(text) / tokens).toBeLessThan(1.2)
})

test('an empty text has no tokens', () => {
  expect(estimateTokens('')).toBe(0)
  expect(estimateTokens(' \n\t ')).toBe(0)
})
