import type { PromptText } from './prompt-text.ts'
import { anywhere, cuePattern } from './wording.ts'

/** A creation verb, up to 48 characters, and a literary form, all within one sentence. */
const VERB = cuePattern`
  write|compose|create|make up|invent|generate|craft|draft|pen|continue|finish|tell|sing|rap|imagine|give|want
  need|love|like|do|напиши~|написать|сочини~|сочинить|придумай~|придумать|составь~|создай~|сгенерируй~|расскажи~
  продолжи~|допиши~|напой|спой|хочу|нужен|нужна|нужно|сделай~|давай
`
const FORM = cuePattern`
  (?<!user )stor(y|ies)(?! behind)|poems?|haikus?|sonnets?|limericks?|ballads?|odes?|lyrics|songs?|rap( verse)?
  verses?|novel(la)?|(opening )?chapter|fairy ?tales?|tales?|fables?|parable|myth|legend|screenplay
  (film|movie|tv|play|comedy|theater|theatre) script|sitcom|skit|sketch|scene|monologue|dialogue|fan ?fic(tion)?
  jokes?|puns?|riddles?|parody|satire|plot|backstory|villain|villanelles?|detective story|diary entry|epic|lullaby
  nursery rhyme|rhymes?|рассказик~|рассказ[аыуе]?|сказк~|стих~|стиш~|страшил~|байк~|детектив[а]?|четверостиши~
  хокку|хайку|сонет~|лимерик~|баллад~|од[уа]|пес(н~|енк~)|рэп|куплет~|роман[а]?|повест~|глав[уы]|басн~|притч~
  легенд~|миф|сценари[йя] (фильма|мультфильма|сценки|спектакля|сериала|короткометражки)|сценк[уи]|монолог|диалог
  фанфик~|анекдот~|шутк~|загадк~|частушк~|пароди~|колыбельн~|истори[юя] (о|об|про|в|с|где|на)
  (коротк|смешн|страшн|добр|грустн|вымышленн|невероятн)~ истори[юи]|сюжет
`
const REQUEST = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${VERB})(?![\\p{L}\\p{N}])([^.!?\\n]{0,48}?)(?<![\\p{L}\\p{N}])(?:${FORM})(?![\\p{L}\\p{N}])`,
  'gu',
)
/** A form alone, as the beginning of the sentence: "a villanelle about lost keys, please". */
const NAMED = new RegExp(
  `^(?:please |пожалуйста )?(?:an? |one |some |another )?(?:[\\p{L}-]+ ){0,2}?(?:${FORM}) (?:about|on|for|in which|where|with|о|об|про|на тему|для|где)(?!\\p{L})(?![^?]*\\?)`,
  'u',
)
/** "Write a review of a novel" asks for a review: the form behind a preposition is what it is about. */
const TURNS_AWAY = anywhere`
  about|of|on|for|from|behind|to|into|between|whether|why|how|explaining|analy~|review|summary|essay|о|об|про|на
  из|для|по|к|почему|чем|рецензи~|отзыв~|анализ~|эссе|письмо|вопрос~
`
/** The opening of a story is as invented as the story. */
const PART_OF =
  /(?:pages?|paragraphs?|opening|chapter|ending|beginning|lines?|verses?|sentences?|part|draft|outline) of /g
const IN_VERSE = anywhere`
  от лица|in (verse|rhyme)|that rhymes?|in iambic ~
  in the (style|form|voice) of( ~){0,3} (poet|poem|shakespeare|pirate|haiku|ballad|fairy|noir|hemingway|tolkien|song)~
  в стихах|в рифму|стихами|в форме (стих|хокку|сказк|песн|баллад)~
  в стиле( ~){0,2} (пушкин|хокку|сказк|маяковск|нуар|чехов|баллад)~
`

/** True when an invented text is asked for: prose, verse, a scene, a joke. */
export function isCreativeWriting(text: PromptText): boolean {
  const asked = text.requests.join('\n')
  if (IN_VERSE.test(asked)) return true
  if (text.requests.some((sentence) => NAMED.test(sentence))) return true
  return [...asked.matchAll(REQUEST)].some(([, between = '']) => !TURNS_AWAY.test(between.replace(PART_OF, '')))
}
