import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { ensureBuiltOrExit } from './build.mjs'
import { commandOf, fail, isInstalled, requireSupportedNode, root, run } from './project.mjs'

requireSupportedNode()
if (!isInstalled('tsx')) fail('The development packages are not installed: run "npm install" first.')
const folder = join(root, 'bench')
// Every file directly in bench/ is one benchmark; what they share lies in a folder of its own there.
const known = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => entry.name.slice(0, -'.ts'.length))
const [asked, ...rest] = argv.slice(2)
if (asked !== undefined && !known.includes(asked)) {
  fail(`There is no benchmark "${asked}". There are: ${known.join(', ')}.`)
}

await ensureBuiltOrExit()
for (const name of asked === undefined ? known : [asked]) {
  const { code } = await run([...commandOf('tsx'), join(folder, `${name}.ts`), ...rest])
  if (code !== 0) process.exitCode = 1
}
