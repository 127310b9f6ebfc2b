import { describeValue, Refusal } from './refusal.ts'

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i

/** Up to these, a number counts seconds, milliseconds and microseconds since 1970; beyond, nanoseconds. */
const [SECONDS, MILLISECONDS, MICROSECONDS] = [1e11, 1e14, 1e17]

const YEAR_10000 = Date.UTC(10_000, 0, 1)

/** A moment in milliseconds since 1970; a text without a zone is UTC. */
export function readMoment(value: unknown, field: string): number {
  const moment = toMoment(value)
  if (moment !== undefined && moment >= 0 && moment < YEAR_10000) return moment
  throw new Refusal('bad_timestamp', field, `expected ISO 8601 or a time since 1970, got ${describeValue(value)}`)
}

function toMoment(value: unknown): number | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime()
  if (typeof value === 'number') return toMilliseconds(value)
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return /^\d+(?:\.\d+)?(?:e\+?\d+)?$/i.test(text) ? toMilliseconds(Number(text)) : parseIso(text)
}

function toMilliseconds(count: number): number | undefined {
  if (!Number.isFinite(count) || count < 0) return undefined
  if (count < SECONDS) return Math.round(count * 1_000)
  if (count < MILLISECONDS) return Math.round(count)
  return Math.round(count < MICROSECONDS ? count / 1_000 : count / 1_000_000)
}

function parseIso(text: string): number | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = ISO.exec(text) ?? []
  if (year === undefined || month === undefined || day === undefined) return undefined
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)]
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  // The thirtieth of February would otherwise be a day in March.
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return undefined
  const ms = Math.floor(Number(`0.${fraction || '0'}`) * 1_000 + 1e-9)
  return date.getTime() + ((hours * 60 + minutes - offsetMinutes(zone)) * 60 + seconds) * 1_000 + ms
}

function offsetMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
