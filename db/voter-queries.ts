import { eq } from 'drizzle-orm'
import type { VoterId } from '../contract/ids.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'

export async function recordVoter(
  db: Database,
  { voters }: Schema,
  voter: { id: VoterId; tokenHash: string; at: number },
): Promise<void> {
  const { at, ...rest } = voter
  await db
    .insert(voters)
    .values({ ...rest, createdAt: at })
    .onConflictDoNothing({ target: voters.id })
}

export async function findVoter(db: Database, { voters }: Schema, tokenHash: string): Promise<VoterId | undefined> {
  const [voter] = await db.select({ id: voters.id }).from(voters).where(eq(voters.tokenHash, tokenHash))
  return voter?.id
}
