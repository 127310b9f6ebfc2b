import { existsSync, readFileSync } from 'node:fs'

/** What a voting process wrote down: votes by what happened to them. A torn last line is left out. */
export function readLedger(file: string): Map<string, string[]> {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
  const votes = new Map<string, string[]>()
  for (const line of lines) {
    const [what = '', ...rest] = line.split(' ')
    const known = votes.get(what)
    if (known) known.push(rest.join(' '))
    else votes.set(what, [rest.join(' ')])
  }
  return votes
}
