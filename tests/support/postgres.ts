import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
const INSTALLED = '/usr/lib/postgresql'

/** A server of the test file's own: others' transactions would hold back the cursor of its vote log. */
export interface PostgresServer {
  /** An empty database; its URL. */
  createDatabase(): Promise<string>
  /** Kills every backend at once and starts again, as after a crash. Only for a server that the tests started. */
  crash(): Promise<void>
  stop(): Promise<void>
  readonly isOurs: boolean
}

/** Starts a server, or says why there is none. `TEST_PG_URL` names one that is running already, for a role that may create databases. */
export async function startPostgres(): Promise<PostgresServer | { readonly skipReason: string }> {
  if (process.env.TEST_PG_URL) return useServer(process.env.TEST_PG_URL)
  const programs = findPrograms()
  if (!programs) {
    return {
      skipReason: 'PostgreSQL is not installed (npm test installs it on Debian as root) and TEST_PG_URL is not set',
    }
  }
  const user = findUser()
  if (!user) return { skipReason: 'PostgreSQL does not start as root and there is no user "postgres" to start it as' }
  return startServer(programs, user)
}

/** Newest first; version folders are numbers. */
function findPrograms(): string | undefined {
  if (!existsSync(INSTALLED)) return undefined
  const versions = readdirSync(INSTALLED).toSorted((one, other) => Number(other) - Number(one))
  return versions.map((version) => join(INSTALLED, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')))
}

/** Whom to run the server as: ourselves, or the user that the package made when we are root. */
function findUser(): { readonly prefix: readonly string[] } | undefined {
  if (userInfo().uid !== 0) return { prefix: [] }
  if (!existsSync('/usr/sbin/runuser') || !existsSync('/var/lib/postgresql')) return undefined
  return { prefix: ['/usr/sbin/runuser', '-u', 'postgres', '--'] }
}

async function startServer(programs: string, { prefix }: { prefix: readonly string[] }): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-pg-'))
  chmodSync(folder, 0o777)
  const data = join(folder, 'data')
  const port = await findFreePort()
  const call = async (program: string, ...args: string[]) => {
    const [command = '', ...rest] = [...prefix, join(programs, program), ...args]
    await run(command, rest, { cwd: folder })
  }
  // Data stays durable as in production; only what has no part in that is made small.
  const settings = [
    `-p ${port}`,
    `-k ${folder}`,
    '-c listen_addresses=127.0.0.1',
    '-c shared_buffers=32MB',
    '-c max_wal_size=256MB',
    '-c autovacuum=off',
    '-c max_connections=60',
  ].join(' ')
  const start = () => call('pg_ctl', '-D', data, '-l', join(folder, 'log'), '-w', '-t', '60', '-o', settings, 'start')
  await call('initdb', '-D', data, '-U', 'ringside', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync')
  await start()
  return {
    ...(await useServer(`postgres://ringside@127.0.0.1:${port}/postgres`)),
    isOurs: true,
    crash: async () => {
      await call('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop')
      await start()
    },
    stop: async () => {
      await call('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function useServer(url: string): Promise<PostgresServer> {
  const made: string[] = []
  const execute = (statement: string) => executeOn(url, statement)
  return {
    isOurs: false,
    createDatabase: async () => {
      const name = `ringside_test_${randomBytes(6).toString('hex')}`
      await execute(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`)
      made.push(name)
      const own = new URL(url)
      own.pathname = `/${name}`
      return own.href
    },
    crash: () => Promise.reject(new Error('a server that others use is not crashed')),
    stop: async () => {
      for (const name of made) await execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

/** Runs one statement on a connection of its own. */
export async function executeOn(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement)
    return rows
  } finally {
    await client.end()
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
