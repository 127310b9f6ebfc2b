/** A refusal comes first; further on, "I cannot" is part of an answer. */
const OPENING_CHARS = 320
const WHOLE_WORD_BEFORE = '(?<![\\p{L}\\p{N}])'

const REFUSALS: readonly RegExp[] = [
  "i(?:'m| am)(?: really| very| truly)? sorry,? but (?:i|as an|that|this|it)(?! hope| think)[^.!?\\n]{0,60}(?:can(?:no|')t|won't|will not|unable|not able|not comfortable|against|decline)",
  "i (?:can(?:no|')t|can not|won't|will not|am unable to|am not able to|must decline to|have to decline|decline to|must refuse)(?: in good conscience| ethically)? (?:help(?! but)|assist|provide|comply|fulfil|do that|do this|create|generate|write|produce|discuss|answer|share|offer|support|engage|continue|give|participate|complete|advise|promote|facilitate|impersonate|recommend (?:ways|how))",
  "i'm (?:unable|not able|not comfortable|not going) (?:to )?(?:help|assist|provid|comply|fulfil|do|creat|generat|writ|discuss|answer|shar|offer|giv|engag|with)",
  "(?:as an ai|as a language model|as an artificial intelligence)[^.!?\\n]{0,60}(?:i (?:can(?:no|')t|do not|don't|am unable|am not able|won't)|it (?:is|would be) (?:inappropriate|against))",
  "(?:i must|i have to|i need to|i'll have to|i respectfully) decline",
  "(?:goes |is |be )against (?:my|our|openai's|the) (?:guidelines|policy|policies|principles|programming|content policy)",
  'я (?:не могу|не смогу|не буду|не вправе|не имею права|не готов\\p{L}*)(?: вам| тебе| с этим| этого| в этом)*(?: помо\\p{L}+| предостав\\p{L}+| выполн\\p{L}+| ответить| отвечать| дать| давать| написать| писать| созда\\p{L}+| обсуждать| сделать| участвовать| советовать| поддерж\\p{L}+| рассказ\\p{L}+| генерировать| продолжать| содействовать| делиться| это сделать)',
  '(?:не могу|не смогу) (?:вам |тебе )?(?:с этим |в этом )?(?:помо\\p{L}+|предостав\\p{L}+|выполн\\p{L}+ (?:эту|этот|ваш|тво|данн))',
  '(?:как|будучи) (?:искусственн\\p{L}+ интеллект\\p{L}*|языков\\p{L}+ модел\\p{L}+|ии)[^.!?\\n]{0,60} не (?:могу|имею|вправе|способ\\p{L}+)',
  '(?:вынужден\\p{L}* |должен |должна )?отказа\\p{L}+ (?:в|от|вам|это|отвечать|выполн\\p{L}+)|я отказываюсь|противоречит (?:моим|нашим|правил\\p{L}+|политик\\p{L}+|этическ\\p{L}+)',
  'ich kann (?:dir |ihnen )?(?:dabei |damit |bei |das |leider )*(?:nicht|keine)[^.!?\\n]{0,40}(?:helfen|beantworten|erstellen|schreiben|geben|anbieten|unterstützen)|tut mir leid, aber',
  'je (?:ne peux pas|ne suis pas en mesure|refuse)[^.!?\\n]{0,30}(?:aider|répondre|fournir|écrire|créer|de)',
  'no puedo (?:ayudar|responder|proporcionar|cumplir|escribir|crear|ofrecer)',
].map((pattern) => new RegExp(`${WHOLE_WORD_BEFORE}(?:${pattern})`, 'u'))
const WITHOUT_SPACES =
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
  return REFUSALS.some((refusal) => refusal.test(opening)) || WITHOUT_SPACES.test(opening)
}
