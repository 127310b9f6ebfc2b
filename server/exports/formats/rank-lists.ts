import { column, INT, listOf, MESSAGES, structOf, type Row } from '../columns.ts'
import type { ConversationText } from '../conversation-text.ts'
import { GrowingArray } from '../growing-array.ts'
import { HashIndex } from '../hash-index.ts'
import { lastAnswer, lastPrompt } from '../messages.ts'
import { joinCategories, LIST_META } from '../meta.ts'
import { rowId, rowKey } from '../row-key.ts'
import { Spool } from '../spool.ts'
import type { Unit } from '../unit.ts'
import type { JudgedUnit } from './unit-format.ts'

export const RANK_COLUMNS = [
  column('context', MESSAGES),
  column('completions', listOf(structOf(column('rank', INT), column('completion', MESSAGES)))),
  LIST_META,
]

/** What a list has besides its answers; that of its first unit. */
interface ListHead extends Pick<ConversationText, 'system'> {
  readonly prompt: string
  readonly battleId: string
  readonly arena: string
  readonly categories: string
  readonly language: string
  readonly source: string
}

interface RankedAnswer {
  readonly text: string
  readonly model: string
  readonly share: number
  readonly rank: number
}

export interface RankedList {
  readonly row: Row
  readonly models: readonly string[]
  readonly prompt: string
}

const WIN = 1
const TIE = 0.5

/**
 * Lists of answers to one prompt, in order of their share of points. Votes on the same prompt are scattered over the
 * log, so all units are taken in before the first list is known; texts wait in a temporary file, in memory an answer
 * costs about 100 bytes.
 */
export class RankLists {
  readonly #spool = new Spool()
  readonly #prompts = new HashIndex()
  readonly #heads = new TextPlaces()
  readonly #answers = new HashIndex()
  readonly #texts = new TextPlaces()
  readonly #promptOf = new GrowingArray()
  readonly #modelOf = new GrowingArray()
  readonly #points = new GrowingArray()
  readonly #votes = new GrowingArray()
  /** Of each answer: an earlier one of its list, or itself. */
  readonly #earlier = new GrowingArray()
  readonly #links = { a: new GrowingArray(), b: new GrowingArray(), tallies: new GrowingArray() }
  readonly #models = new NameTable()

  take({ unit, conversation }: JudgedUnit): void {
    const prompt = this.#takePrompt(unit, conversation)
    const answer = (side: 'a' | 'b') =>
      this.#takeAnswer(prompt, lastAnswer(conversation, side), unit.battle.models[side])
    const [a, b] = [answer('a'), answer('b')]
    const { tally, votes } = unit
    this.#addPoints(a, tally.a * WIN + tally.tie * TIE, votes.length)
    this.#addPoints(b, tally.b * WIN + tally.tie * TIE, votes.length)
    this.#links.a.push(a)
    this.#links.b.push(b)
    for (const count of [tally.a, tally.b, tally.tie, tally.both_bad]) this.#links.tallies.push(count)
    this.#join(a, b)
  }

  /** The lists in the order of their first unit. */
  *lists(): Generator<RankedList> {
    const answers = this.#sortByList(this.#answers.size, (answer) => answer)
    const links = this.#sortByList(this.#links.a.length, (link) => this.#links.a.get(link))
    let link = 0
    for (let start = 0; start < answers.length;) {
      const root = this.#earliest(answers[start] ?? 0)
      let end = start
      while (end < answers.length && this.#earliest(answers[end] ?? 0) === root) end += 1
      const from = link
      while (link < links.length && this.#earliest(this.#links.a.get(links[link] ?? 0)) === root) link += 1
      yield this.#toList(answers.slice(start, end), links.slice(from, link))
      start = end
    }
  }

  close(): void {
    this.#spool.close()
  }

  #takePrompt(unit: Unit, { system, turns }: ConversationText): number {
    const prompt = lastPrompt({ system, turns })
    const { number, isNew } = this.#prompts.add(rowKey([system, prompt]))
    if (isNew) {
      const { battle } = unit
      const head: ListHead = {
        system,
        prompt,
        battleId: battle.id,
        arena: battle.arena,
        categories: joinCategories(battle.categories),
        language: battle.language,
        source: battle.source,
      }
      this.#heads.add(this.#spool, JSON.stringify(head))
    }
    return number
  }

  #takeAnswer(prompt: number, text: string, model: string): number {
    const { number, isNew } = this.#answers.add(rowKey([String(prompt), text]))
    if (isNew) {
      this.#texts.add(this.#spool, text)
      this.#promptOf.push(prompt)
      this.#modelOf.push(this.#models.toNumber(model))
      this.#points.push(0)
      this.#votes.push(0)
      this.#earlier.push(number)
    }
    return number
  }

  #addPoints(answer: number, points: number, votes: number): void {
    this.#points.set(answer, this.#points.get(answer) + points)
    this.#votes.set(answer, this.#votes.get(answer) + votes)
  }

  #join(one: number, other: number): void {
    const roots = [this.#earliest(one), this.#earliest(other)]
    this.#earlier.set(Math.max(...roots), Math.min(...roots))
  }

  #earliest(answer: number): number {
    let at = answer
    while (this.#earlier.get(at) !== at) at = this.#earlier.get(at)
    return at
  }

  #sortByList(length: number, answerOf: (item: number) => number): Uint32Array {
    const items = Uint32Array.from({ length }, (_, item) => item)
    return items.sort((one, other) => this.#earliest(answerOf(one)) - this.#earliest(answerOf(other)) || one - other)
  }

  #toList(numbers: Uint32Array, links: Uint32Array): RankedList {
    const head: ListHead = JSON.parse(this.#heads.read(this.#spool, this.#promptOf.get(numbers[0] ?? 0)))
    const answers = this.#rank(numbers)
    const models = answers.map(({ model }) => model)
    const { votes, agreement } = this.#agreement(links)
    const meta = {
      id: rowId(rowKey([head.system, head.prompt, ...answers.map(({ text }) => text)])),
      battle_id: head.battleId,
      turn: 1,
      arena: head.arena,
      categories: head.categories,
      language: head.language,
      models: models.join('|'),
      votes,
      agreement,
      margin: (answers[0]?.share ?? 0) - (answers.at(-1)?.share ?? 0),
      source: head.source,
    }
    return {
      row: { context: toContext(head), completions: answers.map(toCompletion), meta },
      models,
      prompt: head.prompt,
    }
  }

  #rank(numbers: Uint32Array): RankedAnswer[] {
    const shares = new Map([...numbers].map((answer) => [answer, this.#share(answer)]))
    const levels = [...new Set(shares.values())].toSorted((one, other) => other - one)
    return [...shares]
      .toSorted(([one, oneShare], [other, otherShare]) => otherShare - oneShare || one - other)
      .map(([answer, share]) => ({
        text: this.#texts.read(this.#spool, answer),
        model: this.#models.toName(this.#modelOf.get(answer)),
        share,
        rank: levels.indexOf(share),
      }))
  }

  #share(answer: number): number {
    return this.#points.get(answer) / this.#votes.get(answer)
  }

  /** Share of votes that say what the list says: the winner stands higher, or a tie stands level. */
  #agreement(links: Uint32Array): { votes: number; agreement: number } {
    let votes = 0
    let agreeing = 0
    for (const link of links) {
      const [a, b] = [this.#share(this.#links.a.get(link)), this.#share(this.#links.b.get(link))]
      const [forA = 0, forB = 0, ties = 0, bothBad = 0] = [0, 1, 2, 3].map((at) =>
        this.#links.tallies.get(link * 4 + at),
      )
      votes += forA + forB + ties + bothBad
      agreeing += a > b ? forA : a < b ? forB : ties
    }
    return { votes, agreement: agreeing / votes }
  }
}

function toContext({ system, prompt }: ListHead) {
  const asked = { role: 'user', content: prompt }
  return system === '' ? [asked] : [{ role: 'system', content: system }, asked]
}

function toCompletion({ rank, text }: RankedAnswer) {
  return { rank, completion: [{ role: 'assistant', content: text }] }
}

/** Where texts lie in a spool. */
class TextPlaces {
  readonly #starts = new GrowingArray()
  readonly #lengths = new GrowingArray()

  add(spool: Spool, text: string): void {
    const bytes = Buffer.from(text)
    this.#starts.push(spool.append(bytes))
    this.#lengths.push(bytes.length)
  }

  read(spool: Spool, number: number): string {
    return spool.read(this.#starts.get(number), this.#lengths.get(number)).toString()
  }
}

class NameTable {
  readonly #names: string[] = []
  readonly #numbers = new Map<string, number>()

  toNumber(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.#names.length)
    return this.#names.push(name) - 1
  }

  toName(number: number): string {
    return this.#names[number] ?? ''
  }
}
