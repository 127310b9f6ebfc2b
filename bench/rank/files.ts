import { createWriteStream, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { BenchArena } from './arena.ts'

const WINNERS = ['model_a', 'model_b', 'tie', 'tie (bothbad)']
const HEADER = 'model_a,model_b,winner,category,judge,words_a,headers_a,lists_a,bold_a,words_b,headers_b,lists_b,bold_b'

/** The same votes as CSV with thirteen columns, as lines of JSON and as Parquet with five. */
export async function writeFiles(
  arena: BenchArena,
  folder: string,
): Promise<{ csv: string; jsonl: string; parquet: string }> {
  const files = {
    csv: join(folder, 'votes.csv'),
    jsonl: join(folder, 'votes.jsonl'),
    parquet: join(folder, 'votes.parquet'),
  }
  await writeLines(files.csv, `${HEADER}\n`, arena.votes.length, (v) => csvLine(arena, v))
  await writeLines(files.jsonl, '', arena.votes.length, (v) => `${JSON.stringify(row(arena, v))}\n`)
  const names = ['model_a', 'model_b', 'winner', 'judge', 'category'] as const
  const columnData = names.map((name) => ({
    name,
    data: Array.from({ length: arena.votes.length }, (_, v) => row(arena, v)[name]),
    type: 'STRING' as const,
  }))
  writeFileSync(files.parquet, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 200_000 })))
  return files
}

function row({ votes, voter, category }: BenchArena, v: number) {
  return {
    model_a: modelName(votes.a[v] ?? 0),
    model_b: modelName(votes.b[v] ?? 0),
    winner: WINNERS[votes.outcome[v] ?? 0] ?? '',
    judge: `u${voter[v] ?? 0}`,
    category: `c${category[3 * v] ?? 0}`,
  }
}

function csvLine(arena: BenchArena, v: number): string {
  const { model_a, model_b, winner, judge, category } = row(arena, v)
  const style = [...arena.features.map(({ a }) => a[v]), ...arena.features.map(({ b }) => b[v])]
  return `${model_a},${model_b},${winner},${category},${judge},${style.join(',')}\n`
}

function modelName(model: number): string {
  return `model-${String(model).padStart(3, '0')}`
}

async function writeLines(path: string, head: string, count: number, line: (v: number) => string): Promise<void> {
  const stream = createWriteStream(path)
  let text = head
  for (let v = 0; v < count; v++) {
    text += line(v)
    if (text.length < 1 << 20) continue
    if (!stream.write(text)) await once(stream, 'drain')
    text = ''
  }
  stream.end(text)
  await once(stream, 'finish')
}
