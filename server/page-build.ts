import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { existsSync } from 'node:fs'

/** The folder of the built page, whether this file runs from dist/server or from server; undefined when not built. */
export function webFolder(): string | undefined {
  const candidates = ['../web/', '../dist/web/'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  return candidates.find((path) => existsSync(`${path}assets`) && existsSync(`${path}index.html`))
}

/** Names the built page: a page in a browser that belongs to another build offers to reload. */
export async function pageBuild(): Promise<string> {
  const folder = webFolder()
  if (!folder) return 'no-page'
  const page = await readFile(`${folder}index.html`)
  return createHash('sha256').update(page).digest('base64url').slice(0, 12)
}
