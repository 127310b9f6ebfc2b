/** What the browser tests and the benchmark do with the page in tests/web/markdown-page. */
export interface Harness {
  show(text: string, streaming: boolean): void
  clear(): void
  inRussian(): void
}
