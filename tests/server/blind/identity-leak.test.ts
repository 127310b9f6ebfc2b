import { expect, test } from 'vitest'
import { namesItself, type Identity } from '../../../server/blind/identity-leak.ts'

const nightjar: Identity = { name: 'Nightjar Large 2', organization: 'Larch Lab', upstreamName: 'nightjar-l-2' }
const gpt: Identity = { name: 'gpt-4o-mini', organization: null }
const owl: Identity = { name: 'owl', organization: null }

test.each([
  ['its shown name', 'I am Nightjar Large 2, here to help.', nightjar],
  ['its maker', 'The people of Larch Lab taught me that.', nightjar],
  ['its upstream name', 'model: nightjar-l-2', nightjar],
  ['its name letter by letter', 'N i g h t j a r - L a r g e - 2', nightjar],
  ['its name with Cyrillic look-alikes', 'Меня создала Lаrсh Lаb', nightjar],
  ['its name with invisible characters', 'Lar\u200bch\u00ad Lab', nightjar],
  ['its name in full-width letters', 'Ｌａｒｃｈ　Ｌａｂ', nightjar],
  ['the name of its family', 'As ChatGPT, I cannot do that.', gpt],
  ['the maker of its family', 'I was trained by OpenAI.', gpt],
  ['a short family name as a claim', "I'm GPT and I like tea", gpt],
  ['a short name as a claim', 'My name is Owl.', owl],
  [
    'its one-word maker as a claim',
    'I was created by Apple, how can I help?',
    { name: 'a-model', organization: 'Apple' },
  ],
  ['itself in Russian', 'Я — Owl, чем помочь?', owl],
])('an answer that gives %s is found', (_what, text, identity) => {
  expect(namesItself(text, identity)).toBe(true)
})

test.each([
  ['nothing', 'The capital of France is Paris.', nightjar],
  ['an empty text', '', nightjar],
  ['the name of another maker', 'OpenAI published that paper.', nightjar],
  ['a word that contains a short name', 'I am sorry, the bowl is empty, so howl.', owl],
  ['a short name of a thing', 'An owl sleeps by day.', owl],
  [
    'its maker’s name as an ordinary word',
    'Add a meta description tag to the page.',
    { name: 'llama-3-8b', organization: 'Meta' },
  ],
  ['a fruit', 'An apple a day keeps the doctor away.', { name: 'a-model', organization: 'Apple' }],
  ['a word of two letters', "I'm sure this will help us.", { name: 'House 8B', organization: 'Us' }],
  ['a test', 'This test passes.', { name: 'Test', organization: 'Research' }],
  ['a partition table', 'Choose GPT or MBR as the partition table.', gpt],
])('an answer that gives %s is left alone', (_what, text, identity) => {
  expect(namesItself(text, identity)).toBe(false)
})
