import { StoreError } from '../store.ts'

/** A server of databases has tools of its own for this, and they know its version, its roles and its other databases. */
export async function refuseBackup(file: string): Promise<never> {
  const command = `pg_dump --format=custom --file=${JSON.stringify(file)} "$DATABASE_URL"`
  throw new StoreError('unavailable', `An arena on PostgreSQL is backed up with its own tool: ${command}`)
}

export async function refuseRestore(file: string): Promise<never> {
  const command = `pg_restore --clean --if-exists --dbname="$DATABASE_URL" ${JSON.stringify(file)}`
  throw new StoreError('unavailable', `An arena on PostgreSQL is restored with its own tool: ${command}`)
}
