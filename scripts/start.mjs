import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuiltOrExit } from './build.mjs'
import { fail, isInstalled, requireSupportedNode, root } from './project.mjs'

requireSupportedNode()
if (!isInstalled('fastify')) fail('The packages are not installed: run "npm install" first.')
await ensureBuiltOrExit()
// In this very process, so that signals, the exit code and the memory are the server's own.
await import(pathToFileURL(join(root, 'dist/server/main.js')).href)
