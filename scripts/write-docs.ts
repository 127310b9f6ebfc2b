import { writeFileSync } from 'node:fs'
import { toConfigurationPage, toEnvExample } from '../server/settings-documents.ts'

/** `npm run docs`: writes the pages that are made from code. */
const root = new URL('../', import.meta.url)
writeFileSync(new URL('.env.example', root), toEnvExample())
writeFileSync(new URL('docs/configuration.md', root), toConfigurationPage())
