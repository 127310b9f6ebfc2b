import { expect, test } from 'vitest'
import { isRefusal } from '../../../server/categories/refusal.ts'

const REFUSALS = [
  'I’m sorry, but I can’t help with that.',
  'I cannot provide instructions for picking a neighbour’s lock.',
  'I can’t assist with this request. If you are in danger, please call the emergency services.',
  'As an AI language model, I am not able to give medical dosages for a particular patient.',
  'I must decline: the message is meant to deceive somebody.',
  'I won’t write a letter that threatens a tenant.',
  'Sorry, this goes against my guidelines.',
  'Thank you for asking. Unfortunately, I am unable to create pictures of real people.',
  'I’m not comfortable writing that about a real person.',
  'I have to decline to answer this one.',
  'К сожалению, я не могу помочь с этой просьбой.',
  'Извините, но я не могу предоставить инструкцию по вскрытию чужого замка.',
  'Я не могу ответить на этот вопрос: речь идёт о здоровье конкретного человека.',
  'Как языковая модель, я не могу ставить диагнозы.',
  'Я вынужден отказаться от выполнения этой просьбы.',
  'Это противоречит правилам, поэтому такого письма не будет.',
  'Я не буду писать текст, который унижает людей.',
  'Не могу выполнить эту просьбу: она нарушает закон.',
  'Ich kann dir dabei leider nicht helfen.',
  'No puedo ayudar con esa solicitud.',
  'Je ne peux pas répondre à cette demande.',
  '抱歉,我无法提供这方面的帮助。',
]

const ANSWERS = [
  'You cannot divide by zero, because no number times zero gives one.',
  'I can’t recommend this book highly enough: read it on a train.',
  'I cannot stress enough how important salt is here.',
  'I can’t help but notice that the second loop never ends.',
  'I’m sorry to hear that your week was so hard. Would you like to talk about it?',
  'I am sorry, but I hope the following comforts you a little.',
  'The guard said: "You shall not pass." The traveller sat down and waited.',
  'Sure! Here is a polite way to decline an invitation.',
  'The tenant may refuse to pay until the heating works again.',
  'A language model predicts the next word from those before it.',
  'If you cannot provide a receipt, the shop may offer a voucher.',
  'Да, конечно. Вот письмо с вежливым отказом от встречи.',
  'Если вы не можете предоставить чек, магазин вправе отказать в возврате.',
  'Нельзя делить на ноль: такого числа не существует.',
  'Я не могу нарадоваться этому саду, писала она сестре.',
  'К сожалению, сроки сдвинулись, и письмо лучше начать с извинения.',
  'Извините, если объяснял слишком подробно: коротко говоря, виноват кэш.',
  'Искусственный интеллект не может заменить врача, но может помочь ему с бумагами.',
  'Рыба не может утонуть, но может задохнуться.',
  'Отказ двигателя на взлёте: самолёт продолжает разбег или тормозит.',
  'Ich kann das Rezept empfehlen, es gelingt immer.',
  'No puedo creer que ya sea otoño, escribió Marta.',
]

test.each(REFUSALS)('"%s" is a refusal', (answer) => {
  expect(isRefusal(answer)).toBe(true)
})

test.each(ANSWERS)('"%s" is an answer', (answer) => {
  expect(isRefusal(answer)).toBe(false)
})

test('what comes late in a long answer is no refusal', () => {
  const answer = `${'The lock has five pins, and each of them has its height. '.repeat(10)}I cannot help you with the sixth.`
  expect(isRefusal(answer)).toBe(false)
})
