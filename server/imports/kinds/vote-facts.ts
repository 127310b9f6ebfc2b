import { ownValue } from '../messages.ts'
import { readMoment } from '../moments.ts'
import { toText, type RecordFields } from '../record-fields.ts'
import { describeValue, Refusal } from '../refusal.ts'

/** Who voted; several judges of one vote are named together. */
export function readJudge(value: unknown, field: string): string | null {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map((name: unknown) => toText(name, field)).join('/')
  return toText(value, field)
}

export function readVoteTime(fields: RecordFields): number | null {
  const value = fields.value('timestamp')
  return value === undefined ? null : readMoment(value, 'timestamp')
}

export function readStrength(value: unknown, field: string): number | null {
  if (value === undefined || value === null) return null
  const strength = Number(value)
  if (strength === 1 || strength === 2) return strength
  throw new Refusal('bad_value', field, `expected 1 or 2, got ${describeValue(value)}`)
}

/** A reason in the record's own word, or a bare yes. */
export function readExclusion(fields: RecordFields): string | null {
  const told = fields.value('excluded')
  if (told !== undefined) {
    if (told === true || told === 'true') return 'source'
    if (told !== false && told !== 'false') return toText(told, 'excluded')
  }
  return readDedupTag(fields.value('dedup_tag')) === false ? 'source_dedup' : null
}

/** Public sets sample prompts that were asked too often; what was not sampled is on no board there. */
function readDedupTag(tag: unknown): unknown {
  if (typeof tag !== 'string') return ownValue(tag, 'sampled')
  try {
    return ownValue(JSON.parse(tag), 'sampled')
  } catch {
    throw new Refusal('bad_value', 'dedup_tag', `expected an object as JSON, got ${describeValue(tag)}`)
  }
}
