import { isIPv6 } from 'node:net'

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(
  `(?<![\\p{L}\\p{N}_.-]|[\\p{L}\\p{N}]/)(?:${OCTET}\\.){3}${OCTET}(?![\\p{L}\\p{N}_]|[.-]\\d)`,
  'gu',
)
const IPV6 = /(?<![\p{L}\p{N}_:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\p{L}\p{N}_:])/giu

/** Four numbers with dots after one of these words are a version or a place in a document. */
const NOT_AN_ADDRESS =
  /(?:^|[^\p{L}])(?:v|ver|version|release|build|section|chapter|clause|верси\p{L}+|релиз\p{L}*|сборк\p{L}+|раздел\p{L}*|пункт\p{L}*|глав\p{L}+|п)\.?\s*(?:№|#)?\s*$/iu
const LOOK_BEHIND = 20

/** Belong to nobody: this machine, any machine, all machines, netmasks. */
const NOBODYS = /^(?:127\.|0\.0\.0\.0$|255\.255\.)/

export function maskAddresses(text: string, replacement: () => string): string {
  return text
    .replace(IPV4, (address, offset: number) => (isPersonal(text, address, offset) ? replacement() : address))
    .replace(IPV6, (address) => (isPersonalIpv6(address) ? replacement() : address))
}

function isPersonal(text: string, address: string, offset: number): boolean {
  return !NOBODYS.test(address) && !NOT_AN_ADDRESS.test(text.slice(Math.max(0, offset - LOOK_BEHIND), offset))
}

/** Shorter or digitless ones are clock times and names of C++ scopes more often than addresses. */
function isPersonalIpv6(address: string): boolean {
  const groups = address.split(':').filter((group) => group !== '')
  if (groups.length < 2 || !/\d/.test(address) || !groups.some(({ length }) => length >= 3)) return false
  return isIPv6(address)
}
