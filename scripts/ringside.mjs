import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuiltOrExit } from './build.mjs'
import { fail, isInstalled, requireSupportedNode, root } from './project.mjs'

requireSupportedNode()
if (!isInstalled('fastify')) fail('The packages are not installed: run "npm install" first.')
await ensureBuiltOrExit()
// The command line sees itself under its own name, as if it had been called through the package's `bin`.
process.argv[1] = join(root, 'dist/server/cli.js')
await import(pathToFileURL(process.argv[1]).href)
