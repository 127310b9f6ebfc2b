import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { argv, pid } from 'node:process'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { commandOf, fail, isInstalled, requireSupportedNode, root, run } from './project.mjs'

const SERVER_FOLDERS = ['contract', 'ranking', 'db', 'server']
const PARTS = {
  server: {
    sources: [...SERVER_FOLDERS, 'tsconfig.base.json', 'tsconfig.json', 'tsconfig.build.json'],
    needs: ['typescript'],
    build: buildServer,
  },
  web: {
    sources: ['contract', 'web', 'tsconfig.base.json', 'vite.config.ts', 'package-lock.json'],
    needs: ['vite', 'preact'],
    build: buildWeb,
  },
}
const dist = join(root, 'dist')
const stampFile = join(dist, '.stamp.json')

/**
 * Builds what is older than its sources, and nothing else. Sources are compared by content, so that a copied or freshly
 * checked out tree is not built twice. Says nothing on stdout: commands whose output is read by programs call it too.
 */
export async function ensureBuilt({ force = false } = {}) {
  const built = readStamps()
  const stale = Object.keys(PARTS).filter((name) => force || built[name] !== fingerprint(PARTS[name].sources))
  if (stale.length === 0) return
  const missing = stale.flatMap((name) => PARTS[name].needs).filter((name) => !isInstalled(name))
  if (missing.length > 0) {
    // Installed without development dependencies: what was built elsewhere is what there is.
    if (Object.keys(PARTS).every((name) => built[name] !== undefined)) return
    fail(`Ringside is not built, and ${missing.join(', ')} is not installed to build it: run "npm install" first.`)
  }
  for (const name of stale) await buildPart(name)
}

async function buildPart(name) {
  const started = Date.now()
  const { sources, build } = PARTS[name]
  // Taken before the build: what changes meanwhile is stale afterwards.
  const stamp = fingerprint(sources)
  const fresh = join(dist, `.building-${name}-${pid}`)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  try {
    await build(fresh)
    for (const entry of readdirSync(fresh)) replace(join(dist, entry), join(fresh, entry))
    writeStamps({ ...readStamps(), [name]: stamp })
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  console.error(`Built ${name} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

async function buildServer(outDir) {
  await runOrFail([
    ...commandOf('typescript', 'tsc'),
    '-p',
    'tsconfig.build.json',
    '--noEmitOnError',
    '--outDir',
    outDir,
  ])
  const isData = (path) => !['.ts', '.tsx'].includes(extname(path))
  for (const folder of SERVER_FOLDERS) {
    cpSync(join(root, folder), join(outDir, folder), { recursive: true, filter: isData })
  }
}

async function buildWeb(outDir) {
  const web = join(outDir, 'web')
  await runOrFail([...commandOf('vite'), 'build', '--logLevel', 'warn', '--outDir', web])
  // Assets never change under their hashed names, so they are compressed once, here, and never while serving.
  const assets = join(web, 'assets')
  for (const name of existsSync(assets) ? readdirSync(assets) : []) {
    if (!['.js', '.css', '.svg'].includes(extname(name))) continue
    const content = readFileSync(join(assets, name))
    writeFileSync(join(assets, `${name}.gz`), gzipSync(content, { level: 9 }))
    writeFileSync(join(assets, `${name}.br`), brotliCompressSync(content))
  }
}

async function runOrFail(command) {
  const { code } = await run(command, { output: 'stderr' })
  if (code !== 0) throw new BuildError(`${command[1]} ended with code ${code}`)
}

/** The compiler has explained itself on stderr already. */
export class BuildError extends Error {}

/**
 * Whole folders change places, so that a server that runs from them meanwhile never sees half of one. Two builds at once
 * may both do this: the later one wins.
 */
function replace(target, fresh) {
  for (let round = 0; ; round += 1) {
    const old = `${target}.old-${pid}-${round}`
    moveAway(target, old)
    try {
      renameSync(fresh, target)
      return
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    } finally {
      rmSync(old, { recursive: true, force: true })
    }
  }
}

function moveAway(target, old) {
  try {
    renameSync(target, old)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function fingerprint(sources) {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(filesOf))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex').slice(0, 16)
}

function filesOf(path) {
  if (!existsSync(join(root, path))) return []
  if (extname(path) !== '' && !path.includes('/')) return [path]
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .toSorted()
}

function readStamps() {
  return existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {}
}

function writeStamps(stamps) {
  writeFileSync(`${stampFile}.${pid}`, JSON.stringify(stamps))
  renameSync(`${stampFile}.${pid}`, stampFile)
}

/** For scripts that build before they do something else. */
export async function ensureBuiltOrExit(options) {
  try {
    await ensureBuilt(options)
  } catch (error) {
    if (error instanceof BuildError) fail('The build failed: see above.')
    throw error
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  requireSupportedNode()
  await ensureBuiltOrExit({ force: argv.includes('--force') })
}
