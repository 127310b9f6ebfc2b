import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('nothing in the built page names a model', () => {
  const folder = join(import.meta.dirname, '../../../dist/web')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.(js|css|html|map|svg)$/.test(entry.name),
  )
  expect(files.length).toBeGreaterThan(2)
  for (const file of files)
    expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toMatch(
      /Sample: (terse|thorough|careful|literal|rambling)/,
    )
})
