import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { run } from './project.mjs'

const CHROMIUM = '/usr/bin/chromium'
const FONTS = ['fonts-liberation', 'fonts-noto-color-emoji']
const POSTGRES_FOLDER = '/usr/lib/postgresql'
const CLUSTER_SETTINGS = '/etc/postgresql-common/createcluster.conf'

/**
 * Installs what the tests need from the system where it is missing and can be installed: root on Debian. Elsewhere, and
 * when it fails, nothing is lost but the tests that need it: they are skipped, and say so.
 */
export async function installTestPackages() {
  const packages = missingPackages()
  if (packages.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(
      `Not installed and not installable from here: ${packages.join(', ')}. Tests that need them are skipped.`,
    )
    return
  }
  console.log(`Installing ${packages.join(', ')} …`)
  if (packages.includes('postgresql')) preventDefaultCluster()
  const updated = await apt(['update'])
  const installed = updated && (await apt(['install', '-y', '--no-install-recommends', ...packages]))
  if (!installed) console.log('The installation failed. Tests that need these packages are skipped.')
}

function missingPackages() {
  const chromium = existsSync(CHROMIUM) ? [] : ['chromium', ...FONTS]
  const postgres = process.env.TEST_PG_URL !== undefined || hasPostgres() ? [] : ['postgresql']
  return [...chromium, ...postgres]
}

function hasPostgres() {
  if (!existsSync(POSTGRES_FOLDER)) return false
  return readdirSync(POSTGRES_FOLDER).some((version) => existsSync(`${POSTGRES_FOLDER}/${version}/bin/initdb`))
}

/** The tests start servers of their own: Debian's package need not start one that holds the usual port. */
function preventDefaultCluster() {
  if (existsSync(CLUSTER_SETTINGS)) return
  mkdirSync('/etc/postgresql-common', { recursive: true })
  writeFileSync(CLUSTER_SETTINGS, 'create_main_cluster = false\n')
}

async function apt(args) {
  const { code, text } = await run(['/usr/bin/apt-get', '-o', 'Dpkg::Options::=--force-confold', ...args], {
    output: 'collect',
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (code !== 0) console.log(text)
  return code === 0
}
