/** Names under which older sets list the languages that have a board of their own, and their neighbours. */
const NAMES = `
  english en, russian ru, chinese zh, german de, french fr, spanish es, japanese ja, portuguese pt,
  italian it, korean ko, polish pl, ukrainian uk, turkish tr, arabic ar, vietnamese vi, dutch nl,
  czech cs, indonesian id, persian fa, hebrew he, swedish sv, hungarian hu, romanian ro, greek el,
  finnish fi, danish da, norwegian no, bulgarian bg, catalan ca, hindi hi, thai th, slovak sk,
  serbian sr, croatian hr, latin la
`

const CODES: ReadonlyMap<string, string> = new Map(
  NAMES.split(',').map((pair): [string, string] => {
    const [name = '', code = ''] = pair.trim().split(' ')
    return [name, code]
  }),
)

/** The code of a language, from a code with or without a region or from an English name; null for anything else. */
export function toLanguageCode(name: string): string | null {
  const plain = name.trim().toLowerCase()
  const code = /^([a-z]{2})(?:[-_][a-z0-9]+)*$/.exec(plain)?.[1]
  return code ?? CODES.get(plain) ?? null
}
