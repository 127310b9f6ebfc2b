import { createHash, randomBytes } from 'node:crypto'

/** 128 random bits: neither guessable nor ordered by time, so that no id tells which of two things came first. */
export function newId(): string {
  return randomBytes(16).toString('base64url')
}

/** Uniform in [0, 1) from the system's random source: pairing must not be predictable. */
export function secureRandom(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
