import { countWords, type PromptText } from './prompt-text.ts'
import { countRequests, type Task } from './task.ts'
import { anywhere } from './wording.ts'

const SPECIALIST_FIELD = anywhere`
  diagnos~|symptom~|patients?|dosage|clinical~|antibiotic~|inhibitor~|pathogen~|immun~|pregnan~|surger~|tumou?r~
  lease~|liabilit~|contract law|plaintiff|statut~|jurisdiction|tax(es|ation)?|depreciation|equity
  derivatives? pricing|portfolio|inflation target~|monetary|regression|bayesian|hypothesis test~
  confidence interval|p-value|thermodynamic~|quantum|relativity|enzyme~|protein~|genom~|catalys~|stoichiometr~
  polymer~|semiconductor~|circuit~|torque|voltage|reinforced concrete|control theory|signal processing
  neural network~|machine learning|gradient~|transformer model~|cryptograph~|distributed system~
  consensus protocol|throughput|latency|epidemiolog~|seismic|aerodynamic~|microservice~|encryption
  диагно~|симптом~|пациент~|дозировк~|клиническ~|антибиотик~|патоген~|иммун~|беременн~|инфекци~|вакцин~|опухол~
  аренд~|иск(а|у|ом)?|истец|гражданск~ кодекс~|трудов~ кодекс~|юрисдикци~|налог~|амортизаци~|дисконтир~|портфел~
  ключев~ ставк~|денежно-кредитн~|регресси~|байес~|доверительн~ интервал~|проверк~ гипотез~|термодинамик~|квантов~
  фермент~|белк(а|ов|и)|геном~|катализ~|полимер~|полупроводник~|крутящ~ момент~|напряжени~ (сети|на)|железобетон~
  нейросет~|нейронн~ сет~|машинн~ обучени~|градиент~|криптограф~|распределенн~ систем~|микросервис~
  пропускн~ способност~|задержк~|эпидемиолог~|сейсмическ~|шифровани~
`
const PROBLEM_SOLVING = anywhere`
  prove|derive|debug|optimi[sz]e|design|diagnose|analy[sz]e|compare|evaluate|estimate|justify|troubleshoot
  trade-?offs?|recommend|root cause|find all|generali[sz]e|step by step|architecture|refute|implement
  how (would|should|could|do) (you|we|i)( ~)? (fix|solve|design|prevent|reduce|implement|scale|migrate|test)
  why does( ~){1,3} (fail|leak|crash|hang|differ|change)
  докажи~|выведи~ формул~|отлад~|оптимизир~|спроектир~|диагностир~|проанализир~|сравни~|оцени~|обоснуй~|обобщи~
  компромисс~|порекоменд~|какой из них|найди~ все|по шагам|пошагово|архитектур~|опровергни~|реализуй~
  как (бы )?(ты|вы|нам|мне|лучше)( ~)? (исправ|реши|спроектир|предотврат|уменьш|реализ|масштабир|перейти|протестир)~
  почему( ~){0,3} (падает|течет|зависает|отличается|меняется|не сходится)
`
const OWN_SITUATION = anywhere`
  (our|my) (company|team|clinic|startup|server|service|app|application|patients?|customers?|clients?|codebase|database|data|model|thesis|lab|factory|shop|school|farm|landlord|employer|budget|network|mother|father|mum|dad|son|daughter|wife|husband|child|parents|house)
  we (have|run|are|use|need|want|maintain|operate|store)
  i (have|run|maintain|manage|am building|am writing|inherited|work) (a|an|the|as|on|with)
  (наш|мо)(а|я|е|и|ей|ем|им|их|его|й)? (компани|команд|клиник|стартап|сервер|сервис|приложени|пациент|клиент|код|баз|данны|модел|диплом|лаборатори|завод|магазин|школ|ферм|арендодател|работодател|бюджет|сет|мам|отец|отц|сын|дочь|дочер|жен|муж|родител|дом)~
  (маме|папе|сыну|дочери|жене|мужу|бабушке)|(у нас|у меня)( ~){0,4} (на|есть|стоит|работает|сервер|ферме|проект~)
  мы (пишем|используем|разрабатываем|храним|строим|ведем|обслуживаем|делаем|хотим|переезжаем)
`
const CONDITION = anywhere`
  given that|assuming|suppose|subject to|such that|unless|if|in case|what happens (if|when)
  how( ~){1,4} changes? if|under( ~){1,3} (terms|conditions|constraints|assumptions)|at (most|least)
  taking into account|while keeping|without (changing|increasing|losing|downtime)
  при условии|предположим|пусть|так чтобы|если|в случае|что (произойдет|будет)( ~)? (если|при)|как изменится
  учитывая|не меняя|не увеличивая|без простоя|не теряя|с учетом|при( ~){0,2} (падении|отказе|нагрузке)
  чтобы( ~){1,4} никогда
`

const LONG_WORDS = 25
/** Of seven: a prompt with fewer is ordinary, however long it is. */
const HARD_FROM = 4
/** What is pasted for these may be full of hard words, while the work on it is plain. */
const PLAIN_TASKS: ReadonlySet<Task> = new Set([
  'summarisation',
  'rewriting',
  'extraction',
  'classification',
  'chat',
  'other-task',
])

/** What other rules have found already. */
interface KnownTraits {
  readonly task: Task
  readonly isTechnical: boolean
  readonly constraints: number
}

/**
 * True when at least four of seven traits of a demanding prompt are there. They stand in for the criteria by which the
 * public Chatbot Arena lets a model sort out hard prompts: only what can be counted, so they say "looks demanding", not "is".
 */
export function isHardPrompt(text: PromptText, known: KnownTraits): boolean {
  return !PLAIN_TASKS.has(known.task) && countTraits(text, known) >= HARD_FROM
}

function countTraits(text: PromptText, known: KnownTraits): number {
  const words = countWords(text.said)
  const traits = [
    known.constraints > 0,
    known.isTechnical || SPECIALIST_FIELD.test(text.said),
    countRequests(text) >= 2,
    PROBLEM_SOLVING.test(text.said),
    OWN_SITUATION.test(text.said),
    CONDITION.test(text.said),
    words >= LONG_WORDS || text.code.length > 0,
  ]
  return traits.filter(Boolean).length
}
