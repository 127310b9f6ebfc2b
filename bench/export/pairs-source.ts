import type {
  ExportedVote,
  ExportPage,
  ExportPageRequest,
  ExportSource,
  VotedBattle,
  VoteOnBattle,
} from '../../db/export-source.ts'

const WORDS =
  'the harbour wind turns north before noon and every boat that waited since Monday leaves at once so we counted 214 sails from the pier while she wrote "calm, then 12 knots" into the log and nobody asked why the old gauge still shows yesterday (it was never repaired); after supper they read aloud until the lamp burned low'.split(
    ' ',
  )
const POOL = 2048

/** Voted battles made up on the way: an English prompt and two answers each. No two battles are alike. */
export class PairsSource implements ExportSource {
  readonly #pairs: number
  readonly #prompts: string[]
  readonly #answers: string[]

  constructor(pairs: number, bytesPerPair: number) {
    this.#pairs = pairs
    const promptChars = Math.round(bytesPerPair * 0.15)
    const answerChars = Math.round((bytesPerPair - promptChars) / 2)
    this.#prompts = Array.from({ length: POOL }, (_, index) => prose(index, promptChars - 20))
    this.#answers = Array.from({ length: POOL }, (_, index) => prose(index * 7 + 3, answerChars))
  }

  async findLogEnd() {
    return { cursor: String(this.#pairs), entries: this.#pairs }
  }

  async readVotedBattles({ after, limit }: ExportPageRequest): Promise<ExportPage<VotedBattle>> {
    const start = Number(after ?? 0)
    const end = Math.min(this.#pairs, start + limit)
    const items = Array.from({ length: end - start }, (_, index) => this.#battle(start + index))
    return { items, next: end < this.#pairs ? String(end) : null, passed: items.length }
  }

  readVotes(): Promise<ExportPage<VoteOnBattle>> {
    return Promise.reject(new Error('this source has battles only'))
  }

  async listModels() {
    return [{ name: 'owl', organization: null, license: 'MIT' }]
  }

  async close(): Promise<void> {}

  #battle(number: number): VotedBattle {
    const answer = (offset: number) => this.#answers[(number * 5 + offset) % POOL] ?? ''
    return {
      id: `battle-${number}`,
      arena: 'text',
      models: { a: 'owl', b: 'fox' },
      language: 'en',
      categories: ['language-en', 'open-qa'],
      source: '',
      isErased: false,
      system: '',
      turns: [
        {
          prompt: `Question ${number}: ${this.#prompts[number % POOL]}`,
          answers: { a: answer(0), b: answer(1) },
        },
      ],
      gold: null,
      votes: [voteOf(number)],
    }
  }
}

function voteOf(number: number): ExportedVote {
  return {
    id: `vote-${number}`,
    judge: `judge-${number % 1000}`,
    turn: 1,
    outcome: number % 2 === 0 ? 'a' : 'b',
    strength: null,
    weight: 1,
    isBlind: true,
    isLeaked: false,
    excluded: null,
    supersedes: null,
    isSuperseded: false,
    at: 1_700_000_000_000 + number,
  }
}

/** Sentences in paragraphs, as models write them. One flat string. */
function prose(seed: number, chars: number): string {
  let state = seed * 2654435761 + 1
  const words: string[] = []
  let length = 0
  while (length < chars) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const word = WORDS[state % WORDS.length] ?? 'the'
    words.push(words.length % 60 === 59 ? `${word}.\n\n` : words.length % 13 === 12 ? `${word}.` : word)
    length += word.length + 1
  }
  return Buffer.from(words.join(' ').slice(0, chars)).toString('latin1')
}
