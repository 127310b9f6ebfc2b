import remend from 'remend'

/**
 * Completes what is being written, so that a growing answer is read as what it will be: `**bo` is shown bold, a link
 * without its end as its text. Marks that could still become several things are left out until they are decided.
 */
export function mendMarkdown(unfinished: string): string {
  const decided = completeTable(withoutUndecidedEnd(unfinished))
  return remend(decided, {
    linkMode: 'text-only',
    images: false,
    // Formulas and tags are ours; the others would change what is shown once the answer has ended.
    katex: false,
    inlineKatex: false,
    htmlTags: false,
    comparisonOperators: false,
    singleTilde: false,
    setextHeadings: false,
  })
}

/** A last line that may become a heading's underline, a fence, or an item, and half a picture or character. */
function withoutUndecidedEnd(text: string): string {
  return text
    .replace(/\n {0,3}(?:=+|-+|[*+]|`{1,2}|~{1,2}|\d{1,9}[.)]?|#{1,6}|>|\[\^?[^\]\n]{0,40})[ \t]*$/, '\n')
    .replace(/!\[[^\]\n]{0,200}(?:\](?:\([^)\n]{0,2000})?)?$/, '')
    .replace(/[\uD800-\uDBFF]$/, '')
}

/** A table is one from its head on; without this its head would be drawn as text first. */
function completeTable(text: string): string {
  const lines = text.split('\n')
  const [head = '', marks] = lines
  if (lines.length !== 2 || !/^ {0,3}\|.*\|[ \t]*$/.test(head) || !/^[ \t|:-]*$/.test(marks ?? '')) return text
  const columns = head.replace(/\\\|/g, '').split('|').length - 2
  return columns > 0 && columns <= 40 ? `${head}\n|${'-|'.repeat(columns)}` : text
}
