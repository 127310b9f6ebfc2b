import { computed } from '@preact/signals'
import { language } from './language.ts'

const formats = computed(() => {
  const locale = language.value
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options)
  return {
    whole: number({ maximumFractionDigits: 0 }),
    plain: number({ maximumFractionDigits: 0, useGrouping: false }),
    signed: number({ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' }),
    percent: number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    moment: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
  }
})

/** 60776 → 60,776 · 60 776 */
export const formatCount = (count: number): string => formats.value.whole.format(count)

/** Ratings have four digits and are read as a name, so they are not grouped: 1187. */
export const formatRating = (points: number): string => formats.value.plain.format(points)

/** −0.6, +0.2, 0.0: with a true minus sign. */
export const formatChange = (points: number): string => formats.value.signed.format(points).replace('-', '−')

/** 0.628 → 62.8% · 62,8 % */
export const formatShare = (share: number): string => formats.value.percent.format(share)

/** 14:02:07 */
export const formatClock = (at: number): string => formats.value.clock.format(at)

/** A day and a time, for notes such as "last vote". */
export const formatMoment = (at: number): string => formats.value.moment.format(at)

/** 52 seconds → 0:52 */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
