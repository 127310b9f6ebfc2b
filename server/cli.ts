#!/usr/bin/env node
import { refuseOldNode } from './node-version.ts'

refuseOldNode()
const { runCommand } = await import('./commands.ts')
process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
})
