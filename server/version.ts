import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

const Package = z.object({ version: z.string() })

/** The version in package.json, which lies beside server/ or, when built, beside dist/. */
export function readVersion(): string {
  const files = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url))
  const file = files.find((each) => existsSync(each))
  return file ? Package.parse(JSON.parse(readFileSync(file, 'utf8'))).version : 'unknown'
}
