/** Languages that are coloured, by every label that models give them, and how they are called. */
const LANGUAGES: readonly { readonly id: string; readonly name: string; readonly labels: string }[] = [
  { id: 'bash', name: 'Shell', labels: 'bash sh shell zsh console shell-session' },
  { id: 'cpp', name: 'C++', labels: 'cpp c++ cc hpp' },
  { id: 'cpp', name: 'C', labels: 'c h' },
  { id: 'css', name: 'CSS', labels: 'css scss less' },
  { id: 'diff', name: 'Diff', labels: 'diff patch' },
  { id: 'go', name: 'Go', labels: 'go golang' },
  { id: 'java', name: 'Java', labels: 'java' },
  { id: 'javascript', name: 'JavaScript', labels: 'js javascript jsx mjs node' },
  { id: 'json', name: 'JSON', labels: 'json jsonl json5 jsonc' },
  { id: 'python', name: 'Python', labels: 'python py python3 pycon' },
  { id: 'rust', name: 'Rust', labels: 'rust rs' },
  { id: 'sql', name: 'SQL', labels: 'sql postgresql postgres mysql sqlite plsql' },
  { id: 'typescript', name: 'TypeScript', labels: 'ts typescript tsx' },
  { id: 'xml', name: 'HTML', labels: 'html htm xhtml vue svelte' },
  { id: 'xml', name: 'XML', labels: 'xml svg xsl' },
  { id: 'yaml', name: 'YAML', labels: 'yaml yml' },
]

const BY_LABEL = new Map(LANGUAGES.flatMap((language) => language.labels.split(' ').map((label) => [label, language])))

/** How a block of code is called and, where we can colour it, as what. A label that we do not know is shown as it is. */
export function codeLanguage(label: string): { readonly name: string; readonly id: string | null } {
  const known = BY_LABEL.get(label.toLowerCase())
  if (known) return { name: known.name, id: known.id }
  return { name: label.length > 24 ? `${label.slice(0, 24)}…` : label, id: null }
}
