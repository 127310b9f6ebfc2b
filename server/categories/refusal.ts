import { anywhere } from './wording.ts'

/** A refusal comes first; further on, "I cannot" is part of an answer. */
const OPENING_CHARS = 320

const CANNOT = anywhere`
  i (cannot|can't|can not|won't|will not|am unable to|am not able to|must decline to|have to decline to)( in good conscience| ethically)? (help(?! but)|assist|provide|comply|fulfil|do (that|this)|create|generate|write|produce|discuss)
  i (cannot|can't|can not|won't|will not|am unable to|am not able to|decline to)( in good conscience| ethically)? (answer|share|offer|support|engage|continue|give|participate|complete|advise|promote|facilitate|impersonate)
  (i'm|i am) (unable|not able|not comfortable|not going) (to )?(help|assist|provid|comply|fulfil|do|creat|generat|writ|discuss|answer|shar|offer|giv|engag|with)~
  (i'm|i am)( really| very| truly)? sorry,? but (i|as an|that|this|it)(?! hope| think)[^.!?]{0,60}(cannot|can't|won't|will not|unable|not able|not comfortable|against|decline)
  (as an ai|as a language model|as an artificial intelligence)[^.!?]{0,60}(i (cannot|can't|do not|don't|am unable|am not able|won't)|it (is|would be) (inappropriate|against))
  (i must|i have to|i need to|i'll have to|i respectfully) decline
  (goes |is |be )against (my|our|the) (guidelines|policy|policies|principles|programming|content policy)
`
const CANNOT_RU = anywhere`
  я (не могу|не смогу|не буду|не вправе|не имею права|не готов~)( вам| тебе| с этим| этого| в этом)* (помо~|предостав~|выполн~|ответить|отвечать|дать|давать|написать|писать|созда~|обсуждать)
  я (не могу|не смогу|не буду|не вправе|не имею права|не готов~)( вам| тебе| с этим| этого| в этом)* (сделать|участвовать|советовать|поддерж~|рассказ~|генерировать|продолжать|содействовать|делиться|это сделать)
  (не могу|не смогу) (вам |тебе )?(с этим |в этом )?(помо~|предостав~|выполн~ (эту|этот|ваш|тво|данн)~)
  (как|будучи) (искусственн~ интеллект~|языков~ модел~|ии)[^.!?]{0,60} не (могу|имею|вправе|способ~)
  (вынужден~|должен|должна|придется) отказа~|я отказываюсь|отказываюсь (отвечать|выполн~|писать|помо~)
  противоречит (моим|нашим|правил~|политик~|этическ~)
`
const CANNOT_ELSEWHERE = anywhere`
  ich kann (dir |ihnen )?(dabei |damit |bei |das |leider )*(nicht|keine)[^.!?]{0,40}(helfen|beantworten|erstellen|schreiben|geben|anbieten|unterstützen)
  je (ne peux pas|ne suis pas en mesure|refuse)[^.!?]{0,30}(aider|répondre|fournir|écrire|créer|de)
  no puedo (ayudar|responder|proporcionar|cumplir|escribir|crear|ofrecer)~
`
/** Chinese and Japanese write no spaces, so there are no whole words to look for. */
const CANNOT_UNSPACED =
  /(?:抱歉|对不起|很遗憾).{0,12}(?:无法|不能)|我(?:无法|不能)(?:提供|协助|帮助|回答|完成)|(?:お手伝い|お答え|お応え|提供)(?:すること(?:は|が))?(?:でき|いたしかね)/

/** True when an answer begins by declining what was asked. */
export function isRefusal(answer: string): boolean {
  const opening = answer
    .slice(0, OPENING_CHARS)
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[‘’ʼ]/g, "'")
    .replace(/\s+/g, ' ')
  return [CANNOT, CANNOT_RU, CANNOT_ELSEWHERE, CANNOT_UNSPACED].some((refusal) => refusal.test(opening))
}
