import type { TASK_CATEGORIES } from '../../contract/categories.ts'
import { countWords, type PromptText } from './prompt-text.ts'
import * as cues from './task-cues.ts'

export type Task = (typeof TASK_CATEGORIES)[number]

const GREETING_WORDS = 6
const PASSAGE_WORDS = 50
const POLITE_REQUEST =
  /^(?:(?:can|could|would|will) you|(?:ты |вы )?(?:можешь|можете|сможешь|мог\p{L}* бы)|не мог\p{L}* бы)/u
const CLAUSE_END = /[,;:]\s+|\s-\s|\s+(?:and|then|и|затем|потом|чтобы)\s+/u

/** Exactly one task for each prompt: the first sentence that asks for something decides. */
export function pickTask(text: PromptText): Task {
  let isTalk = false
  const tasks: Task[] = []
  for (const sentence of text.requests) {
    const rest = withoutOpening(sentence)
    const task = isSmallTalk(sentence, rest) ? undefined : taskOfSentence(sentence, rest, text)
    if (task) tasks.push(task)
    else isTalk ||= isSmallTalk(sentence, rest)
  }
  // "What could I give her? Any ideas?" asks for ideas.
  if (tasks[0] === 'open-qa' && tasks.includes('brainstorm')) return 'brainstorm'
  if (tasks[0]) return tasks[0]
  if (isTalk) return 'chat'
  // Something to look at, without a verb that says what for: what is wrong with it, what does it say?
  return text.code.length > 0 || cues.FROM_MATERIAL.test(text.said) ? 'closed-qa' : 'other-task'
}

/** How many things are asked for: questions, and clauses that begin by saying what to do. */
export function countRequests(text: PromptText): number {
  return text.requests.reduce((sum, sentence) => sum + countIn(sentence, text), 0)
}

function countIn(sentence: string, text: PromptText): number {
  const clauses = withoutOpening(sentence).split(CLAUSE_END).map(withoutOpening)
  const requests = clauses.filter((clause) => taskOfRequest(clause, sentence, text)).length
  return sentence.includes('?') ? Math.max(1, requests) : requests
}

function isSmallTalk(sentence: string, rest: string): boolean {
  if (cues.SMALL_TALK.test(sentence)) return true
  return countWords(sentence) <= GREETING_WORDS && (cues.GREETING.test(sentence) || cues.GREETING.test(rest))
}

function taskOfSentence(sentence: string, rest: string, text: PromptText): Task | undefined {
  const isQuestion = sentence.includes('?') && !POLITE_REQUEST.test(sentence)
  if (isQuestion) return taskOfQuestion(sentence, rest, text)
  for (const clause of rest.split(CLAUSE_END)) {
    const task = taskOfRequest(withoutOpening(clause), sentence, text)
    if (task) return task
  }
  return cues.QUESTION_WORD.test(rest) ? taskOfQuestion(sentence, rest, text) : undefined
}

function taskOfQuestion(sentence: string, rest: string, text: PromptText): Task {
  if (cues.CLASSIFY_QUESTION.test(sentence)) return 'classification'
  if (cues.SUMMARISE.test(rest)) return 'summarisation'
  if (cues.REWRITE.test(rest)) return 'rewriting'
  if (cues.BRAINSTORM_QUESTION.test(sentence)) return 'brainstorm'
  if (cues.LOOK_FOR.test(rest) && cues.IN_THE_MATERIAL.test(sentence)) return 'closed-qa'
  return isAboutLongStatement(text) ? 'closed-qa' : answerFrom(text)
}

/** A passage and then a question, in one paragraph. One's own long story before a question is not a passage. */
function isAboutLongStatement({ said }: PromptText): boolean {
  if (cues.FIRST_PERSON.test(said)) return false
  const statements = said.split(/(?<=[.!?…])\s/u).filter((sentence) => !sentence.includes('?'))
  return countWords(statements.join(' ')) >= PASSAGE_WORDS
}

/** The order matters where a verb serves several tasks: the narrower meaning comes first. */
function taskOfRequest(clause: string, sentence: string, text: PromptText): Task | undefined {
  if (cues.CALCULATE.test(clause)) return 'open-qa'
  if (cues.SUMMARISE.test(clause)) return 'summarisation'
  if (cues.EXTRACT.test(clause)) return 'extraction'
  if (cues.LOOK_FOR.test(clause) && cues.IN_THE_MATERIAL.test(sentence)) return 'extraction'
  if (cues.CLASSIFY.test(clause)) return 'classification'
  if (cues.REWRITE.test(clause)) return 'rewriting'
  if (cues.BRAINSTORM.test(clause)) return 'brainstorm'
  if (cues.GENERATE.test(clause)) return 'generation'
  if (cues.ASK.test(clause)) return answerFrom(text)
  if (cues.NAMED_TEXT.test(clause)) return 'generation'
  return undefined
}

function answerFrom(text: PromptText): Task {
  return text.hasMaterial || cues.FROM_MATERIAL.test(text.said) ? 'closed-qa' : 'open-qa'
}

/** "Hi, could you please write …" begins, for us, with "write". */
function withoutOpening(sentence: string): string {
  let rest = sentence.replace(/^[^\p{L}\p{N}]+/u, '')
  for (let count = 0; count < 6; count += 1) {
    const shorter = rest.replace(cues.POLITE_OPENING, '').replace(/^[^\p{L}\p{N}]+/u, '')
    if (shorter === rest) break
    rest = shorter
  }
  return rest
}
