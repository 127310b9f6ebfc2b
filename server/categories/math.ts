import { countWords, type PromptText } from './prompt-text.ts'
import { anywhere } from './wording.ts'

const LATEX =
  /\\(?:frac|int|sum|sqrt|lim|prod|cdot|times|begin\{[pbv]?matrix|partial|infty|alpha|theta|pi|leq|geq)(?![a-z])/
const NUMBER = '\\d+(?:[.,]\\d+)?'
/** `3x - 7 = 2(x + 5)`: a letter or bracket beside numbers and an equals sign. */
const EQUATION =
  /(?<![\p{L}\p{N}_=<>!])(?:\d*[a-z](?:\^?\d)?|\d+|\))\s*[-+*/^]\s*[\d(a-z][^=\n"']{0,40}=\s*-?[\d(a-z]|\d+[a-z]\s*=\s*-?\d|(?<!\p{L})[fgy](?:\([a-z]\))?\s*=\s*[^=\n]{0,20}[x\d]/u
const ARITHMETIC = new RegExp(
  `(?<![\\p{L}\\d./-])${NUMBER}\\s*(?:[*×÷^+]|\\s[-/:x]\\s)\\s*${NUMBER}(?![\\d./-])|${NUMBER}\\s?%\\s(?:of|от|из)\\s|√\\s?\\d|\\d!(?!\\p{L})`,
  'u',
)
const CALCULATION =
  /(?<!\p{L})(?:calculate|compute|add|subtract|multiply|divide|вычисли|посчитай|подсчитай|рассчитай|умножь|раздели|сложи|вычти)(?:те)?\s(?:[\p{L}$]+\s){0,6}[$€£]?\d/u
/** `(2a - 3b)^3`, `x^2 + 1`. */
const EXPRESSION = /\([^()\n]{1,30}\s?[-+*]\s?[^()\n]{1,30}\)\s?\^\s?\d|(?<![\p{L}\p{N}])\d*[a-z]\^\d(?!\p{L})/u
const PERCENTAGE = new RegExp(
  `(?:сколько|найди|вычисли|посчитай)\\p{L}*\\s(?:будет|составля\\p{L}+|это)?\\s?${NUMBER}\\s?(?:%|процент\\p{L}*)`,
  'u',
)

const MATHEMATICS = anywhere`
  equations?|inequalit(y|ies) (for|of|in)|integral (of|from)|integrate (the|this|by|x|f)|derivative|differentiate
  theorem|lemma|polynomial~|quadratic|(square|cube) root|prime (number|factor)~|logarithm~|factorial|eigenvalue~
  (determinant|inverse|rank|transpose|product|trace)( of)?( ~){0,3} matri(x|ces)
  matri(x|ces) (multiplication|algebra|inverse|product)|hypotenuse|perimeter|circumference
  (area|volume|radius) of (a|the) (triangle|circle|square|rectangle|sphere|cube|cone|cylinder|trapezoid)
  trigonometr~|algebra~|geometry|calculus|arithmetic|combinatorics|number theory|modulo
  common (divisor|denominator|multiple)|standard deviation
  (arithmetic|geometric) (mean|progression|sequence|series)|compound interest|perfect (square|cube)
  consecutive (integers|numbers)|expected (number|value)|(is|are)( ~)? squared|( ~)? squared|cubed
  leaves a remainder|rational number~|real numbers?|natural numbers?|integers?|divisible by|how many ways
  permutations?|word problem|solve for|(simplify|factor|evaluate) (the expression|the following expression)
  math(s|ematics|ematical)? (problem|question|homework|exercise|equation|proof)s?|discrete math~|fractions?
  уравнени~|неравенств~ (с|для|треугольника)|интеграл~|производн(ая|ую|ой) (функции|от|y|f|по)|теорем~|многочлен~
  квадратн~ (корень|корня|уравнени)~|прост(ое|ые|ых|ым|ыми|ого) числ~|(среднее|ожидаемое) число|матожидани~
  математическ~ ожидани~|в (квадрате|кубе|степени)|логарифм~|факториал~|собственн~ значени~
  определител(ь|я) матриц~|матриц[аыуе]|гипотенуз~|периметр~
  (площадь|объем|радиус|сторон[аыу]) (треугольник|круг|квадрат|прямоугольник|шар|куб|конус|цилиндр|трапеци|окружност)~
  тригонометри~|алгебр~|геометри~|арифметич~ (прогресси|средн)~|комбинаторик~|остаток от деления
  наибольш~ общ~ делител~|стандартн~ отклонени~|сложн~ процент~
  (нечетн|четн|цел|натуральн|рациональн)~ чис(ло|ла|ел|лом)|квадрат~ (цел|двух|трех|нат|чис|нечет)~|делится на
  сколькими способами|перестанов(ок|ки) (из|букв|элементов)|дроб(ь|и|ей)|задач~ по математике
  математическ~ (задач|анализ)~|средн(яя|юю|ей) скорост~
`
const PROOF = anywhere`
  prove (that|the|by)|show that (the|for|if|every|any)( ~){1,4} (is|are|equals|holds)
  докажи~ что (сумм|произведени|любо|для|если|кажд|числ|функци|не существу|корень|квадрат)~
  докажи~( ~){0,2} (теорем|неравенств|тождеств|утвержден)~
`
/** "Probability" alone is also an everyday word; beside dice, coins and numbers it is a question with an answer. */
const PROBABILITY = anywhere`
  probabilit(y|ies) (of|that)|(chance|odds) (of|that)|вероятность( того)? что|вероятность~
`
const CHANCE_DEVICE = anywhere`
  dic?e|coins?|cards?|balls?|marbles?|urn|drawn?|rolls?|flips?|tosse?s|\d+|кубик~|монет~|карт|карты|шар~|урн~
  брос~|орл~|решк~|вытащи~
`
const AMOUNT_QUESTION = anywhere`
  how (many|much|far|long|old|fast|tall|big|often)
  what (is|was|are|will be) (the|his|her|their|its)( ~){0,2} (total|average|sum|difference|remainder|price|speed|cost|distance|age|area|profit|ratio|percentage)
  when will (they|the)|what will( ~){0,3} cost|what is \d+|what's \d+
  сколько|во сколько|на сколько|через сколько|за сколько|каков~|чему рав(ен|на|но|ны)
  какова( ~){0,2} (скорость|сумма|стоимость|площадь|разность|цена|прибыль|доля)|какое расстояние
  каким? (был|будет|числ)~|поровну
`
const QUANTITY = /(?<![\p{L}\d.:-])\d+(?:[.,]\d+)?(?![\d:])/gu
const IS_YEAR = /^(?:1[5-9]|20)\d\d$/
const WORD_PROBLEM_WORDS = 150
/** Numbers written as words count too: "two dice", "треть марок". */
const NUMBER_WORD =
  /(?<!\p{L})(?:two|three|four|five|six|seven|eight|nine|ten|twice|half|third|quarter|dozen|вдвое|втрое|треть|четверть|половин\p{L}|двух?|двое|тр(?:и|ех)|четыре|пять|шесть|семь|восемь|девять|десять)(?!\p{L})/gu

/** True when something is to be calculated, solved or proved. */
export function isMath(text: PromptText): boolean {
  if (LATEX.test(text.written)) return true
  const { said } = text
  if (MATHEMATICS.test(said) || PROOF.test(said) || PERCENTAGE.test(said) || CALCULATION.test(said)) return true
  if (PROBABILITY.test(said) && CHANCE_DEVICE.test(said)) return true
  if (text.code.length === 0 && (EQUATION.test(said) || ARITHMETIC.test(said) || EXPRESSION.test(said))) return true
  return isWordProblem(text)
}

/** A small story with at least two quantities and a question for an amount. */
function isWordProblem({ said, requests }: PromptText): boolean {
  if (countWords(said) > WORD_PROBLEM_WORDS) return false
  if (!requests.some((sentence) => sentence.includes('?') && AMOUNT_QUESTION.test(sentence))) return false
  const figures = (said.match(QUANTITY) ?? []).filter((figure) => !IS_YEAR.test(figure)).length
  const words = said.match(NUMBER_WORD)?.length ?? 0
  return figures >= 2 || (figures === 1 && words >= 1) || words >= 3
}
