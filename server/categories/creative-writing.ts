import type { PromptText } from './prompt-text.ts'
import { anywhere } from './wording.ts'

/** A creation verb, up to 48 characters, and a literary form, all within one sentence. */
const VERB =
  'write|compose|create|make up|invent|generate|craft|draft|pen|continue|finish|tell|sing|rap|imagine|give|want|need|love|like|do|напиши\\p{L}*|написать|сочини\\p{L}*|сочинить|придумай\\p{L}*|придумать|составь\\p{L}*|создай\\p{L}*|сгенерируй\\p{L}*|расскажи\\p{L}*|продолжи\\p{L}*|допиши\\p{L}*|напой|спой|хочу|нужен|нужна|нужно'
const FORM =
  '(?<!user )stor(?:y|ies)(?! behind)|poems?|haikus?|sonnets?|limericks?|ballads?|odes?|lyrics|songs?|rap(?: verse)?|verses?|novel(?:la)?|(?:opening )?chapter|fairy ?tales?|tales?|fables?|parable|myth|legend|screenplay|(?:film|movie|tv|play|comedy|theater|theatre) script|sitcom|skit|sketch|scene|monologue|dialogue|fan ?fic(?:tion)?|jokes?|puns?|riddles?|parody|satire|plot|backstory|villain|diary entry|epic|lullaby|nursery rhyme|rhymes?|рассказик\\p{L}*|рассказ[аыуе]?|сказк\\p{L}+|стих\\p{L}*|четверостиши\\p{L}*|хокку|хайку|сонет\\p{L}*|лимерик\\p{L}*|баллад\\p{L}+|од[уа]|пес(?:н\\p{L}+|енк\\p{L}+)|рэп|куплет\\p{L}*|роман[а]?|повест\\p{L}+|глав[уы]|басн\\p{L}+|притч\\p{L}+|легенд\\p{L}+|миф|сценари[йя] (?:фильма|мультфильма|сценки|спектакля|сериала|короткометражки)|сценк[уи]|монолог|диалог|фанфик\\p{L}*|анекдот\\p{L}*|шутк\\p{L}+|загадк\\p{L}+|частушк\\p{L}+|пароди\\p{L}+|колыбельн\\p{L}+|истори[юя] (?:о|об|про|в|с|где|на)|(?:коротк|смешн|страшн|добр|грустн|вымышленн|невероятн)\\p{L}+ истори[юи]|сюжет'
const REQUEST = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${VERB})(?![\\p{L}\\p{N}])([^.!?\\n]{0,48}?)(?<![\\p{L}\\p{N}])(?:${FORM})(?![\\p{L}\\p{N}])`,
  'gu',
)
/** "Write a review of a novel" asks for a review: the form behind a preposition is what it is about. */
const TURNS_AWAY = anywhere(
  'about|of|on|for|from|behind|to|into|between|whether|why|how|explaining|analy~|review|summary|essay|о|об|про|на|из|для|по|к|почему|чем|рецензи~|отзыв~|анализ~|эссе|письмо|вопрос~',
)
/** The opening of a story is as invented as the story. */
const PART_OF = /(?:paragraphs?|opening|chapter|ending|beginning|lines?|verses?|sentences?|part|draft|outline) of /g
const IN_VERSE = anywhere(
  'от лица|in (verse|rhyme)|that rhymes?|in iambic ~|in the (style|form|voice) of( ~){0,3} (poet|poem|shakespeare|pirate|haiku|ballad|fairy|noir|hemingway|tolkien|song)~|в стихах|в рифму|стихами|в форме (стих|хокку|сказк|песн|баллад)~|в стиле( ~){0,2} (пушкин|хокку|сказк|маяковск|нуар|чехов|баллад)~',
)

/** True when an invented text is asked for: prose, verse, a scene, a joke. */
export function isCreativeWriting(text: PromptText): boolean {
  const asked = text.requests.join('\n')
  if (IN_VERSE.test(asked)) return true
  return [...asked.matchAll(REQUEST)].some(([, between = '']) => !TURNS_AWAY.test(between.replace(PART_OF, '')))
}
