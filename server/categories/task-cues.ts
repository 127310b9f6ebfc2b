import { anywhere, atStart, cuePattern } from './wording.ts'

/** What may stand before the verb that says what is wanted. */
export const POLITE_OPENING = atStart`
  please|kindly|ok(ay)?|so|now|then|and|also|first|next|finally|just|hi|hello|hey|hi there
  good (morning|evening|afternoon)
  (can|could|would|will) you( please| kindly)?
  ((i|we)( just| also)? )?(want|need|would like|would love|'d like|'d love|wish)( you)?( to)?|looking for
  (i'm|i am|we're|we are) looking for|any chance you (can|could)
  i'd (like|love)( you)?( to)?|help me( to)?|let's|your (task|job) is( to)?
  you( will|'ll)? (must|should|have to|need to|are to|be required to|be asked to)|it is up to you to|try to
  your turn to
  briefly|shortly|carefully|quickly|simply|in short|in detail|step by step
  пожалуйста|ок|окей|а|и|ну|теперь|затем|потом|также|сначала|наконец|просто|привет|здравствуй~
  добр(ый|ое|ой) (день|утро|вечер)
  (ты |вы )?(можешь|можете|сможешь|сможете|мог~ бы)( ли)?( ты| вы)?|не мог~ бы( ты| вы)?|помоги~( мне| нам)?
  (мне |нам )?(нужно|надо|необходимо|нужен|нужна|нужны|требуется)
  (я |мы )?(хочу|хотим|хотел~ бы)( чтобы)?( ты| вы)?|тво[яй] задач~|попробуй|давай|прошу( тебя| вас)?
  кратко|коротко|вкратце|подробно|быстро|по шагам
`

export const SUMMARISE = atStart`
  summari[sz]e|sum up|recap|tl;?dr|digest|boil( ~){1,3} down|in a nutshell
  (give|tell)( me| us)? the (gist|main points|key points|highlights|short version)
  (what is|what are|whats) the (gist|main points?|key (points|takeaways))
  (give|write|provide|make|create|prepare|a|an)( me| us)?( a| an| the)?( ~){0,3} (summary|recap|synopsis|tl;?dr|digest)( of| for)?
  суммируй~|суммировать|суммаризируй~|резюмируй~|резюмировать|перескажи~|пересказать|законспектируй~|конспектируй~
  (подведи~|подвести) итог~
  (сделай~|напиши~|составь~|подготовь~|дай~|сделать|составить)( ~){0,3} (выжимк~|резюме (текст|стать|книг|глав|встреч|разговор)~|конспект~|саммари|пересказ~|кратк~ содержани~)
  выдели~ (главн~|основн~|ключев~ (мысл|тезис|иде)~)|изложи~( ~){0,3} (кратко|коротко|вкратце)
  (в двух словах )?о чем (этот|эта|это|данн~|тут|здесь|там)( ~)? (текст|стать|глав|книг|пись|реч|говор)~
  в двух словах|суть (текста|статьи|письма)|(сожми|ужми|сверни)~
`

export const EXTRACT = atStart`
  extract|(pull|pick|get|grab|take|fish)( ~){0,5} (out|from)|извлеки~|извлечь|вытащи~|вытащить|выпиши~|выписать
  достань~|достать|выцепи~|выбери~( ~){0,2} из
  выдели~( все| всех)? (имена|имен|дат|сумм|назван|слов|чис|адрес|телефон|организац|сущност|термин|цитат|факт)~
`
export const LOOK_FOR = atStart`
  list|find|name|identify|get|collect|highlight|give( me)?|return|what|which|who|найди~|найти|перечисли~
  перечислить|назови~|укажи~|собери~|отметь~|какие|кто|что
`
export const IN_THE_MATERIAL = anywhere`
  (mentioned|named|listed|contained|used|found|that appear|which appear) (in|above|below)
  (in|from) (the|this|these|that|my)( following| given| above)? (text|passage|paragraph|article|email|letter|sentence|document|message|transcript|list|log|report|review)s?
  (from|in) the (following|text|passage|paragraph)|упомянут~|встречающ~
  (в|из) (этом|этого|этой|следующ~|данн~|тексте|текста|абзаце|абзаца|письме|письма|отрывке|отрывка|статье|статьи|документе|документа|сообщени~|отчет~)
`

export const CLASSIFY = atStart`
  classify|categori[sz]e|label|tag
  assign each|(sort|group|divide|split|assign|separate|put|arrange)( ~){1,6} (into|by|to|under)( ~){0,3} (categor|group|class|type|bin|label|head|column)~
  (sort|group|divide|separate) (these|the|this|them|each)( ~){0,4} into ~
  (determine|detect|identify|decide|judge|rate|say|tell me|state|predict|what is)( ~){0,3} (sentiment|tone|category|class|type of|language of|topic of)
  (determine|detect|identify|decide|judge) (whether|if)
  классифицируй~|классифицировать|категоризируй~|разметь~|разметить|размети~|размечите|отнеси~|отнести
  распредели~( ~){0,6} (по|на|в)|рассортируй~|разбей~( ~){0,5} (на|по) (групп|категор|класс|тип|вид)~
  (раздели|рассортируй|разложи|сгруппируй|раскидай)~( [^\d ]~){1,5} (на|по) [^\d ]~
  (определи~|определить|оцени~|укажи~|назови~|скажи~)( ~){0,3} (тональност|настроени|категори|эмоц|тип |класс |жанр|язык|тематик|окраск|является ли)~
`
export const CLASSIFY_QUESTION = anywhere`
  (which|what) (category|class|label|genre|group|sentiment)
  (positive|negative|neutral)( ,)? or (positive|negative|neutral)|spam or
  (is|are) (this|these|it|the following)( ~){1,6} or (not|a|an)
  ^(is|are) (this|these|the following)( [^ ]~){0,8} or( ~){1,3}
  (к|в) как(ой|ому|ую) (категори|групп|класс|тип|жанр|рубрик)~
  (позитив|негатив|положитель|отрицатель|нейтраль)~ или|спам или|или не спам|это ( ~){1,5} или (нет|не)
  ^(это|этот|эта|этого)( [^ ]~){0,8} или( ~){1,3}
`

export const REWRITE = atStart`
  (how (do|would|can) (you|i|we|one) (say|write|put)|what is|whats|say)( [^ ]+){0,8} in (french|german|spanish|italian|portuguese|russian|english|chinese|japanese|polish|turkish|latin|ukrainian|korean|arabic|dutch)
  rewrite|re-write|rephrase|paraphrase|reword|translate|fix|correct|edit|improve|proofread|polish|shorten|simplify
  condense|refactor|reformat|tidy|soften|tone down|restructure|expand( on)? (this|the|my|it)
  convert (this|the|it|my|these|from)|turn (this|the|it|my|these)|replace|optimi[sz]e (this|the|my)|clean up|sort
  modify|update|transform|alter|resolve|(format|organi[sz]e|split|merge|rearrange) (the|this|these|my|it)
  make (this|it|the|my|these)( ~){0,8} (short|long|clear|polite|formal|concise|better|friendl|simpl|easier|sound|read|more|less|into)~
  change( ~){1,6} (to|into|so|from)|перепиши~|переписать|перефразируй~|перефразировать|переформулируй~|переведи~
  перевести|исправь~|исправить|отредактируй~|отредактировать|улучши~|улучшить|сократи~|сократить|упрости~
  упростить|переделай~|преобразуй~|замени~|расширь|отрефактор~|рефактори~|конвертируй~|вычитай~|поправь~|причеши~
  оптимизируй~ (этот|эту|это|мой|запрос|код)
  сделай~( ~){1,6} (короче|длиннее|вежлив|прощ|лучше|понятн|официальн|формальн|дружелюбн|лаконичн|ярче|мягче|живее|помягче|попроще|покороче|подлиннее|повеселее|получше|поживее|погрубее|построже|повежливее)~
  как (будет|сказать|перевести|звучит)( [^ ]+){0,8} (по-~|на (английск|русск|немецк|французск|испанск|китайск|итальянск|японск|польск)~)
  приведи~ в порядок|смягчи~|разверни~ (мысль|фразу|абзац|текст)
`

export const BRAINSTORM = atStart`
  brainstorm|suggest|propose|(make|create|give|write|provide)( me| us)? a( ~)? list of|(come|coming) up with
  think (of|up)|recommend( me)?( some| a few| several)? (idea|name|way|topic|activit|place|gift)~
  (creative|fun|cheap|good|fresh)( ~)? ideas|ideas for|names for
  (give|list|name|provide|share|offer|write|generate|create|make|invent|some|any|a|an|a few|several|\d+|two|three|four|five|six|seven|eight|nine|ten)( me| us)?( ~){0,5} (ideas?|suggestions?|tips|ways|names for|titles?|taglines?|slogans?|topics|options|alternatives|themes|prompts for|tricks)( ~)?
  предложи~|предложить|(составь|сделай|напиши|дай)~( ~)? список|накидай~|накидать|посоветуй~|насоветуй~|подкинь~
  идеи (для|на|как)|варианты (для|без|на)|брейншторм~|устрой~ мозговой штурм
  (придумай~|придумать|дай~|назови~|перечисли~|приведи~|составь~|напиши~|сгенерируй~|подбери~|какие-нибудь|идеи|варианты|несколько|пара|пару|\d+|три|четыре|пять|шесть|семь|восемь|десять)( ~){0,4} (иде[яийею]~|названи~|имен~|имя|вариант~|тем|темы|слоган~|способ~|заголов~|совет~|ник|никнейм~)
`
export const BRAINSTORM_QUESTION = anywhere`
  what (are|would be|could be|else could be)( some| a few| good| other| the best| creative| fun| cheap| ~){0,3} (ways|ideas|tips|names|options|topics|titles|gifts|things to|activities)
  any (ideas|suggestions|tips|thoughts|recommendations)
  what (should|can|could) (i|we) (name|call|cook|give|get|make|buy|do (with|for|on))
  каки[ем]~( есть| еще| можно| бывают| существуют| ~){0,3} (способ|вариант|иде|назван|совет|лайфхак)~
  как( можно| лучше| бы)? назвать|(есть|какие будут)( ~)? (иде|вариант|мысл)~
  чем (занять|заняться|порадовать|удивить)|куда (сходить|съездить|поехать)
  что( можно)?( ~){0,1} (подарить|приготовить|придумать)
`

/** Texts and programs that people ask for by name, without a verb: "a villanelle about lost keys, please". */
const NAMED_TEXT_EN = cuePattern`
  story|tale|poem|haiku|sonnet|limerick|ballad|ode|villanelle|rap|song|lyrics|joke|riddle|monologue|dialogue|scene
  sketch|letter|email|e-mail|message|note|essay|speech|toast|article|description|bio|caption|plan|itinerary
  schedule|checklist|recipe|script|outline|post|tweet|review|ad|slide deck|invitation|cv|resume|complaint|report
  function|program|query|regex|macro|class|dockerfile|one-liner|app|web ?page|website|template|quiz|worksheet
  prompt
`
const NAMED_TEXT_RU = cuePattern`
  (рассказ|сказк|страшилк|истори|стих|стиш|хокку|хайку|сонет|песн|частушк|анекдот|шутк|загадк|монолог|диалог|сценк|письм|записк|сообщени|эссе|сочинени|реч|тост|стать|описани|план|расписани|чек-лист|рецепт|сценари|пост|твит|отзыв|объявлени|приглашени|резюме|жалоб|отчет|заявлени|поздравлени|доклад|реферат|функци|программ|скрипт|запрос|регулярк|макрос|код|бот|шаблон|тест|викторин|промпт|подпис|текст)~
`

export const GENERATE = atStart`
  write|compose|draft|create|generate|produce|design|build|implement|develop|prepare|craft|continue|complete
  finish|code|program|pen|plan|construct|devise|formulate|combine|curate|print|type|introduce|put together
  make( me| us| up)? (a|an|some|the|up)|outline|script|invent
  (do|give)( me| us)? (a|an|some) (~ ){0,3}(story|poem|song|joke|scene|dialogue|monologue|sketch|speech|recipe|plan|template|script|quiz)
  (tell|sing)( me| us)? (a|an|another|some|one)( ~){0,3} (story|joke|tale|poem|riddle|fable|pun|song|lullaby)~
  напиши~|написать|пиши|составь~|составить|сочини~|сочинить|сгенерируй~|сгенерировать|создай~|создать|сделай~
  сделать|подготовь~|подготовить|разработай~|разработать|спроектируй~|спроектировать|продолжи~|продолжить|допиши~
  придумай~|придумать|реализуй~|реализовать|оформи~|набросай~|запрограммируй~|закончи~|спланируй~|сваргань~
  накатай~|сверстай~|нарисуй~
  расскажи~( мне| нам)?( ~){0,2} (анекдот|шутк|сказк|страшилк|стих|притч|загадк|байк|истори[юи] (о|об|про|в|с|где)(?!\p{L}))~
  с (тост|письм|реч|текст|поздравлени|резюме|заявлени|объявлени|сценари)~
`

/** The same texts asked for without a verb. Tested last: a verb before them says more. */
export const NAMED_TEXT = atStart`
  (a |an |some |one |another )?(~ ){0,3}(${NAMED_TEXT_EN})s? (for|about|that|which|on|to|in|from|of|please|with)
  (a|an|some|one|another) (~ ){0,3}(${NAMED_TEXT_EN})s?
  (~ ){0,2}${NAMED_TEXT_RU} (о|об|про|для|на|по|которы~|котора~|которо~|чтобы|от|к|с|пожалуйста)
`

/** Sums, where "simplify" and "expand" change no text. */
export const CALCULATE = atStart`
  (simplify|expand|factor|factori[sz]e|reduce|convert|round) (the )?(following )?(expression|fraction|brackets|polynomial|term|\(|\d|~\^)
  (упрости|сократи|разложи|раскрой|переведи|округли)~ (выражени|дробь|скобк|многочлен|\(|\d)~
`

/** Asks to be told something rather than to be given a text. */
export const ASK = atStart`
  explain|describe|compare|contrast|tell|define|discuss|list|name|give|calculate|compute|solve|find|prove|show
  evaluate|analy[sz]e|identify|answer|recommend|determine|estimate|derive|convert|expand|state|teach|elaborate
  advise|say|enumerate|provide|clarify|justify|argue|assess|choose|pick|select|appraise|notify|respond|predict
  guess|interpret|outline|retrieve|spell|count|rank|point out|decide|add|subtract|multiply|divide|talk about
  debate|infer|look for|debug|review|check|verify|diagnose|walk me through|understand|know|learn
  объясни~|объяснить|поясни~|опиши~|описать|сравни~|сравнить|расскажи~|рассказать|перечисли~|назови~|приведи~|дай~
  вычисли~|вычислить|посчитай~|рассчитай~|подсчитай~|реши~|решить|найди~|найти|докажи~|доказать|покажи~|оцени~
  проанализируй~|ответь~|определи~|подскажи~|скажи~|посоветуй~|разбери~|разъясни~|раскрой~|выведи~|упрости~
  переведи~|обоснуй~|проверь~|научи~|умножь~|сложи~|вычти~|посмотри~|узнать|понять|разобраться
`
/** Words that open a question; further on in a sentence they open a subordinate clause. */
export const QUESTION_WORD = atStart`
  whats?|what's|whys?|why's|who|whos|who's|whom|whose|hows?|how's|which|when|where|wheres|where's|is|are|was|were
  do|does|did|can|could|should|would|will|has|have
  что|почему|зачем|кто|как|какой|какая|какое|какие|каков~|сколько|где|куда|откуда|когда|чем|чей|чья|чье|чьи
  можно ли|правда ли|стоит ли|есть ли|в чем|в как~|на сколько|насколько|во сколько|отчего|о чем|из-за чего|за что
  для чего|на что|с чего|до какого
`

/** A text, table or code is at hand, and the answer is to be found there. */
export const FROM_MATERIAL = anywhere`
  (based|relying|according)( only| solely)? (on|to) (the|this|these|that|my|following)( ~){0,2} (passage|text|paragraph|article|rules?|story|table|document|data|email|letter|information|context|contract|transcript|excerpt|log|report|menu|code)
  (the|this)( following| given)? (passage|text|paragraph|excerpt|table|article|document|transcript) (below|above)
  (using|from) (only )?the (passage|text|information|context|table|data)( given| provided| above| below)?
  given the following|in the (text|passage|code|table)( below| above)
  (по|согласно|исходя из|опираясь на|на основе|на основании|судя по|в)( ~){0,2} (текст|отрывк|правил|абзац|стать|таблиц|документ|договор|инструкци|письм|переписк|данны)~(?= (ниже|выше|ответь|можно|почему|какой|кто|что|сколько|где)|,)
  (в|по) (тексте|тексту|отрывке|отрывку|таблице|коде) (ниже|выше)
`

export const FIRST_PERSON = anywhere`
  i|i'm|my|me|we|our|us|я|мы|мой|моя|мое|мои|мне|меня|у нас|наш~|нам
`

export const GREETING = atStart`
  hi|hello|hey|hi there|hello there|hey there|good (morning|evening|afternoon|night)|howdy|yo|thanks|thank you|thx
  cheers|bye|goodbye|see you|nice to meet you|great job|well done
  привет~|здравствуй~|добр(ый|ое|ой) (день|утро|вечер|ночи)|хай|салют|доброго времени суток|спасибо|благодарю|пока
  до свидания|до встречи|спокойной ночи|молодец|рад~ знакомству
`
export const SMALL_TALK = anywhere`
  how are you|how('s| is) it going|how (was|were|is|are) (yours|yourself)|how about (you|yours)|and you\?
  how do you (do|feel)|how was your day|what's up|who are you|what('s| is) your name
  are you (a )?(human|robot|real|alive|happy|ok|okay|there)|do you (like|love|dream|feel|have feelings)
  let's (talk|chat)|what are you (doing|up to)|tell me about yourself|let's play
  (act|behave|respond) as (if|though|a|an|my)|pretend|role-?play
  (i am|i'm|i feel|i've been|i have been)( feeling)?( ~){0,4} (lonely|sad|tired|happy|anxious|bored|excited|depressed|stressed|upset|nervous|scared|proud|down)
  а (у )?(тебя|ты|вы|вас)( как)?( ~){0,3}|как( у тебя| у вас| твои| ваши| же)?( ~)? дела
  как (ты|поживаешь|поживаете|настроение|жизнь|сам|сама)|как тебя зовут|кто ты|ты (человек|робот|живой|бот)
  давай (поговорим|поболтаем|пообщаемся)|что делаешь|чем занимаешься|расскажи о себе|тебе нравится
  давай (сыграем|поиграем)|представь что ты|притворись~|(веди|ведите) себя как
  (мне|нам)( ~){0,3} (грустно|скучно|одиноко|плохо|тревожно|страшно|тоскливо|весело|хорошо|не по себе)
  я( ~){0,2} (устал~|счастлив~|рад|рада|расстроен~|волнуюсь|боюсь|скучаю|одинок~|переживаю|горжусь)
  (так|очень|сильно|ужасно)( ~)? (волнуюсь|устал~|боюсь|переживаю|скучаю|рад~|тоскую)
`
