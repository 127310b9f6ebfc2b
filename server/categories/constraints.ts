import type { PromptText } from './prompt-text.ts'
import type { Task } from './task.ts'
import { anywhere, cuePattern } from './wording.ts'

const NUMBER = cuePattern`
  \d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|fifty|(a|one) hundred
  одн~|дв(а|е|ух|умя)|тр(и|ех|емя)|четыр~|пят(ь|и|ью)|шест(ь|и|ью)|сем(ь|и|ью)|восьм(и|ью)|восемь
  девят(ь|и|ью)|десят(ь|и|ью)|двадцат(ь|и)
`
const UNIT = cuePattern`
  words?|sentences?|paragraphs?|lines?|bullets?|bullet points?|points|characters|letters|syllables|stanzas?|verses
  items|steps|pages?|rows?|columns?
  слов(а|о|ами|ах)?|предложени(е|я|й|ями|ях|и|ю)|абзац~|строк(а|и|у|ах|ами)?|строч(ка|ки|ек|ках)|символ~
  знак(а|ов)|пункт~|букв~|тезис~|шаг(а|ов|ами|ах)?|страниц~|куплет~|столбц~
`
const LIMIT = cuePattern`
  in|exactly|under|at most|at least|no more than|not more than|fewer than|less than|more than|within|up to|about
  around|of|to|only|using|with|maximum|max|limit of|has|have|over
`
const LIMIT_RU = cuePattern`
  в|ровно|не длиннее|не короче|короче|длиннее|не более|не больше|не менее|максимум|минимум|до|из|около|примерно
  менее|меньше|больше|на|всего|строго|только
`

/** What is pasted for these tasks has words of its own; only what is said about it counts. */
const WORK_ON_MATERIAL: ReadonlySet<Task> = new Set(['summarisation', 'rewriting', 'extraction', 'classification'])

/** Each of them can be checked on the answer without knowing the subject. */
const CONSTRAINTS: readonly RegExp[] = [
  // how long, how many
  anywhere`
    (${LIMIT})( ~)? (${NUMBER})( ~){0,2} (${UNIT})
    (${LIMIT_RU})( чем)? (${NUMBER})( ~)? (${UNIT})
    (${NUMBER})( ~){0,1} (${UNIT}) (max|maximum|or (less|fewer)|long|each|only|максимум|не больше|не более)
    \d+[- ](word|sentence|line|paragraph|page|character|stanza)( |-)(long |short )?(essay|story|poem|summary|description|paragraph|article|review|post|text|answer|email)~
    (exactly|precisely|ровно) (${NUMBER})
    (одним|двумя|тремя) (словом|словами|предложением|предложениями|абзацем|абзацами)|одной (фразой|строкой)
    (limit|keep)( ~){1,3} (to|under|below|within) (\d+|one|two|three|four|five|a)
  `,
  new RegExp(`(?:^|[.!?]\\s)(?:${NUMBER})\\s(?:sentences|words|lines|предложени[яй]|слова?|строки?)(?!\\p{L})`, 'mu'),
  // in which form
  anywhere`
    (as|in|into|using|return|returns|output|format|valid|a|only)( ~){0,2} (json|yaml|csv|xml|markdown|ascii art)
    (as|in|into|using|with)( a| an)?( ~)? (table|bullets|bullet points|numbered list|bulleted list|bullet list|comma-separated list|outline)
    (bulleted|numbered|bullet-point|bullet point) list|bullet points|table (with|form|format)
    format (it|your|the|this)( ~){0,2} as|one per line
    в (виде|форме)( ~){0,2} (таблиц|список|списк|json|csv|схем|перечн|диалог|маркдаун|markdown)~
    в формате( ~)? (json|csv|yaml|xml|markdown|маркдаун|таблиц|html|списк)~
    (оформи|представь|выведи|сделай|дай)~( ~){0,2} (таблиц(ей|у)|списком)
    (таблицей|списком|столбиком|тезисами|цитатой)|маркированн~ списк~|нумерованн~ списк~|по пунктам|через запятую
    с подзаголовками|кажд~( ~){0,2} с новой строки
  `,
  // what is forbidden
  anywhere`
    (do not|don't|never|must not|should not|shouldn't|cannot|without)( ~)? (use|using|mention|mentioning|include|including|say|saying|write|repeat|repeating|add|adding|start|end|exceed|explain|explanation~|giv(e|ing)|contain~|comments?)
    avoid( ~){0,2} (using|the|any|words?|cliches?|jargon|repetition|adjectives|passive)
    without (the (word|letter)s?|any)|no (sentence|word|line|paragraph) (longer|shorter) than
    no (hashtags?|dialogue|rhymes?|names|numbers|adverbs|emojis?|explanations?|comments|jargon|preamble|markdown|headings|adjectives|more than)
    не (используй|использовать|используя|упоминай|упоминать|упоминая|пиши|добавляй|применяй|повторяй|начинай|превышай|объясняй|давай|включай|ставь|употребляй|называй)~
    избега(й|йте|я)
    без (слов~|букв~|пояснени~|вводн~|объяснени~|комментари~|использовани~|лишн~|эмодзи|списк~|воды|предислови~|заголовк~|хештег~|хэштег~|диалог~|рифм~|цифр~|прилагательн~|имен|канцеляри~)
  `,
  // what must be there
  /(?:^|[.!?,;]\s)(?:start|begin|end|finish|close)\swith(?!\p{L})/mu,
  anywhere`
    (must|should|has to|have to|needs to)( ~)? (include|contain|start|begin|end|rhyme|be (in|written|exactly|under|at))
    (each|every) (line|sentence|paragraph|word|verse|stanza|item|point|bullet|answer|row|one)( ~){0,3} (must|should|has|starts?|begins?|ends?|with|contains?|rhymes?)
    each (starting|ending|beginning)|(must|should|and|then|always) (start|begin|end|finish|close) with
    (start|begin|end|finish|close) (each|every|your (answer|reply|response)|the (answer|reply|text|letter|story|poem)) (with|by)
    (include|use|mention) (the|all|both|these|at least)( ~){0,2} (words?|phrases?|keywords?)
    make sure (to|that|it|you|your)|in (all caps|uppercase|lowercase|capital letters)
    обязательно
    (должн|должен)~( ~){0,2} (содержать|начинаться|заканчиваться|включать|рифмоваться|быть (не|на|в|ровно|напис))~
    кажд~ (строк|предложени|абзац|слов|пункт|строф)~( ~){0,3} (должн|начина|заканчива|содерж|с|на)~
    (начни|закончи|начинай|заканчивай|заверши)~( ~){0,2} (с|со|каждое|каждую|словом|словами|фразой|вопросом|призывом)
    (заглавными|строчными|прописными) букв~|(используй|включи|упомяни|вставь)~( ~)? (слова|слово|фразу|фразы)
  `,
  // nothing but the answer
  anywhere`
    (answer|reply|respond|output|return|give|print)( me)?( ~)? (only|just|nothing but|in one|with one|with a single|with only|with just|using only|with (yes|no)|yes or no|strictly)
    only (reply|answer|output|return|respond|give|print|the (answer|code|number|result|label|json|word))
    (just|only) the (answer|name|title|list|formula|code|number|result|labels?|word)|yes or no only|one-word answer
    (ответь|отвечай|выведи|верни|напиши|дай|укажи|ответ)~( ~)? (только|лишь|одним|одной|строго|кратко: |да или нет)
    только (код|ответ|число|результат|json|слово|название|букву|список|цифру)|и ничего (больше|кроме)|ничего кроме
  `,
]

/** How many kinds of checkable constraints the prompt puts on the form of the answer. */
export function countConstraints(text: PromptText, task: Task): number {
  const where = WORK_ON_MATERIAL.has(task) ? text.requests.join('\n') : text.said
  return CONSTRAINTS.filter((constraint) => constraint.test(where)).length
}
