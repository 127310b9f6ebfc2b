import type { PromptText } from './prompt-text.ts'
import { anywhere } from './wording.ts'

/** Words that mean programming wherever they stand. */
const PROGRAMMING = anywhere`
  python|javascript|typescript|golang|kotlin|fortran|cobol|haskell|sql|mysql|postgres~|sqlite|mongodb|redis|nosql
  html5?|css3?|django|flask|fastapi|numpy|pandas|pytorch|tensorflow|kubernetes|docker~|dockerfile|regex~|leetcode
  powershell|webpack|jquery|graphql|backend|frontend|javafx|spring boot|node\.?js
  react(\.?js| component| hook| native)|vue\.?js|next\.?js|angular|laravel|php|perl script|terraform|ansible
  github|gitlab|git (commit|rebase|merge|branch|stash|push|pull|repo~)|linux (command|kernel)|makefile|cmake
  webhook~|websocket~
  (unit|integration) tests? for|stack ?trace|segfault|segmentation fault|syntax error|compiler|compile time
  pseudo-?code|source code|codebase|code review|refactor~|(rest|web|graphql) api|api endpoints?|time complexity
  binary (tree|search)|linked list|hash ?(map|table)|data structures?|object-oriented|null pointer|race condition
  deadlock|memory leak|mutex~|thread-safe|goroutine~|go routine~|async\/await|generics
  (tests|build) (pass|fail|passes|fails)|stack overflow|npm (install|run|package)~|pip install|relational database
  database (index~|schema|query|table|migration)~|index (on|in) (a|the) (table|column)|column store
  dashboard query|query (planner|plan)|partitioning|load balancer|microservice~|(under|server) load|api key
  (json|xml|csv|html) (parser|schema)|parse (json|xml|csv|html)|recursive function|web scraper
  command[- ]line (tool|interface|argument)~|dataframe~|for loop|while loop|bubble ?sort|quicksort
  sorting algorithm|(software|web|app) develop(er|ment)|programming|programmer
  питон~|джаваскрипт~|программировани~|программист~ (на|пишет)|исходн~ код~|регулярн~ выражени~|сегфолт~
  стектрейс~|компилятор~|компилир~|рефактор~|юнит-тест~|фронтенд~|бэкенд~|бекенд~|репозитори~|докер~|кубернет~
  постгрес~|эскюэль|скрипт~ (на|для|который|которая)|баз~ данных|первичн~ ключ~|внешн~ ключ~|горутин~
  поток~ (операционн|исполнения|выполнения)~|мьютекс~|деплой~|задеплоить|микросервис~|монолит (на|на микро)~
  запрос~ в секунду|балансировщик~|кэширован~|вложенн~ цикл~|бинарн~ (дерев|поиск)~|связн~ списк~|хеш-таблиц~
  утечк~ памяти|сортировк~ (пузырьком|слиянием|массива)|git|api|rest api
`
/** Asks to make or to mend a program. The object stands close behind the verb. */
const PROGRAMMING_REQUEST = anywhere`
  (write|create|implement|build|develop|code|design|make|give|generate|complete|need|want)( me)?( ~){0,4} (function|program that|program to|program in|script (that|to|which|in)|class (that|for|in|to)|method that|algorithm|query|api|unit tests?|web ?app|cli|macro|parser|chrome extension|discord bot|telegram bot)
  (write|create|build|code|implement|develop)( me)?( ~){0,2} (web ?site|web ?page|landing page)
  (debug|refactor|compile|deploy|optimi[sz]e)( ~){0,4} (code|function|query|script|program|app|snippet|loop|build)
  (this|my|following) (code|snippet|script|function|query)
  the (code|snippet|script|function|query) (below|above|should|works|fails|returns)|code (snippet|that|to|for|in)
  convert( ~){0,3} code
  (напиши|написать|пиши|составь|составить|создай|создать|сделай|реализуй|реализовать|разработай|придумай|сгенерируй|допиши|нужен|нужна|помоги)~( ~){0,4} (функци[юя]|скрипт~|программу (на|котор|для)~|запрос (к|на|котор)~|код|алгоритм~|парсер~|класс (на|для|котор)~|макрос~|sql-запрос~|телеграм-бот~|бота|сайт~|веб-страниц~|лендинг~)
  (исправь|найди|проверь|объясни|оптимизируй|отладь|отрефактори|перепиши|улучши)~( ~){0,3} (код|коде|функцию|скрипт|скрипте|запрос|программу|программе)
  (этот|этом|мой|моем|следующий|данный) код(е|у)?|код(а|ом|е)? (на|программы|функции)|этой функции|этого кода
`
/** Names that are also everyday words: they count only in their place, and beside a programming word. */
const AMBIGUOUS_NAME = anywhere`
  (in|with|using|for|of|from|на|в|для|из) (java|rust|swift|go|ruby|scala|c|r|lua|julia|dart|bash|excel|vba|matlab|react|vue|spring)
`
/** Capitals within a sentence: "my Go server", not "Go home". */
const AMBIGUOUS_CAPITALISED =
  /(?<=[\p{Ll},(]\s)(?:Java|Rust|Swift|Go|Ruby|Scala|C|R|Lua|Julia|Dart|Excel|React|Vue|Spring)(?![\p{L}\p{N}'])/u
const PROGRAMMING_WORD = anywhere`
  code|coding|program~|function~|script~|compile~|bugs?|error~|exception~|librar(y|ies)|method~|array~|loop~
  class(es)?|variable~|pointer~|string~|thread~|syntax|formula~|struct~|endpoint~|server~|module~|package~|parse~
  command~
  код|кода|коде|программ~|функци~|скрипт~|ошибк~|исключени~|библиотек~|метод~|массив~|цикл~|класс~|переменн~
  указател~|ссылк~|строк~|поток~|синтаксис~|формул~|сервер~|модул~|пакет~|команд~|рекурси~
`
const C_FAMILY = /(?<![\p{L}\p{N}])(?:c\+\+|c#|f#|\.net|objective-c|1с)(?![\p{L}\p{N}])/u

/** One such line is enough: nobody writes it in prose. */
const STRONG_CODE_LINE =
  /^\s*(?:#include\s*<|def \w+\(|class \w+[:({]|from [\w.]+ import |import [\w.{]+(?: as \w+|;|.* from )|(?:public|private|static) [\w<>[\]]+ |(?:const|let|var) [\w{[][^=\n]{0,80}=|func \w*\(|fn \w+\(|SELECT\b.{1,200}\bFROM\b|<\/?(?:html|div|script|body|head|table)\b|console\.log\(|System\.out\.|print\(|for ?\(|while ?\(|if ?\(.{1,120}\)\s*\{|return [\w(].*;|}\s*$|\$ (?:sudo|npm|git|pip|docker) )/m
const ERROR_NAME =
  /(?<![\p{L}\p{N}])(?:[A-Z][A-Za-z]+(?:Error|Exception)|NaN|NullPointerException|undefined is not)(?![\p{L}\p{N}])/u
const CALL_OR_MEMBER = /\b(?:const|let|var) \w+ = |\w+\.\w+\([^)\n]{0,80}\)\s*[;{]|=> ?[{(]|\w+\[\w+\]\s*=/

/** True when the prompt is about a program, or brings one along. */
export function isCoding(text: PromptText): boolean {
  if (text.code.some(looksLikeCode)) return true
  if (STRONG_CODE_LINE.test(text.written) || CALL_OR_MEMBER.test(text.written) || ERROR_NAME.test(text.written))
    return true
  if (PROGRAMMING.test(text.said) || PROGRAMMING_REQUEST.test(text.said) || C_FAMILY.test(text.said)) return true
  const isNamed = AMBIGUOUS_NAME.test(text.said) || AMBIGUOUS_CAPITALISED.test(text.written)
  return isNamed && PROGRAMMING_WORD.test(text.said)
}

/** A fence is also used for plain text; code has its punctuation. */
function looksLikeCode(block: string): boolean {
  const marks = block.match(/[{}();=<>[\]]/g)?.length ?? 0
  return marks >= 4 || STRONG_CODE_LINE.test(block)
}
