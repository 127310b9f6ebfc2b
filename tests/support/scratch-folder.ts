import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of one's own outside the tree. */
export function makeScratchFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'ringside-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
