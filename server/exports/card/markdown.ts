/** Text from the data within a sentence or a table: shown as it is, never as a link, a heading, HTML or another cell. */
export function toPlainMarkdown(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>|~&$^@]|^[-+#=]|:(?=\/\/)/g, (mark) => `&#${mark.charCodeAt(0)};`)
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export function countTable(name: string, counts: Iterable<readonly [string, number]>): string {
  const sorted = [...counts].toSorted(([one, few], [other, many]) => many - few || (one < other ? -1 : 1))
  return table(
    [name, 'count'],
    sorted.map(([key, count]) => [toPlainMarkdown(key) || '(none)', formatCount(count)]),
  )
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
