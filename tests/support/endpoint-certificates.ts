import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

/**
 * Certificates made on the spot, so that no private key lies in the repository and none of them runs out: an authority,
 * and server certificates signed by it. Just enough of X.509 for a TLS handshake.
 */
export interface CertifiedKey {
  readonly key: string
  readonly cert: string
}

export interface CertificateOptions {
  readonly name: string
  /** IPv4 address that the certificate is for. */
  readonly address: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** Left out: signs itself. */
  readonly issuer?: { readonly name: string; readonly key: string }
  readonly isAuthority?: boolean
}

export function makeCertificate(options: CertificateOptions): CertifiedKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuerName = options.issuer?.name ?? options.name
  const issuerKey = options.issuer ? createPrivateKey(options.issuer.key) : privateKey
  const body = toBody(options, issuerName, publicKey)
  const signature = sign('sha256', body, issuerKey)
  const der = sequence(body, SIGNATURE_ALGORITHM, tagged(0x03, Buffer.concat([Buffer.of(0), signature])))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}

const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
const COMMON_NAME = [0x55, 0x04, 0x03]
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11]
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13]
const SIGNATURE_ALGORITHM = sequence(objectId(ECDSA_WITH_SHA256))

let serial = 0

function toBody(options: CertificateOptions, issuerName: string, publicKey: KeyObject): Buffer {
  serial += 1
  const address = Buffer.from(options.address.split('.').map(Number))
  const altName = extension(SUBJECT_ALT_NAME, sequence(tagged(0x87, address)))
  const authority = extension(BASIC_CONSTRAINTS, sequence(tagged(0x01, Buffer.of(0xff))))
  return sequence(
    tagged(0xa0, tagged(0x02, Buffer.of(2))),
    tagged(0x02, Buffer.of(serial)),
    SIGNATURE_ALGORITHM,
    toName(issuerName),
    sequence(toTime(options.notBefore), toTime(options.notAfter)),
    toName(options.name),
    createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...(options.isAuthority === true ? [altName, authority] : [altName]))),
  )
}

function toName(name: string): Buffer {
  return sequence(tagged(0x31, sequence(objectId(COMMON_NAME), tagged(0x0c, Buffer.from(name)))))
}

function toTime(date: Date): Buffer {
  return tagged(
    0x18,
    Buffer.from(
      `${date
        .toISOString()
        .replace(/\.\d+Z$/, '')
        .replace(/\D/g, '')}Z`,
    ),
  )
}

function extension(id: readonly number[], value: Buffer): Buffer {
  return sequence(objectId(id), tagged(0x04, value))
}

function objectId(bytes: readonly number[]): Buffer {
  return tagged(0x06, Buffer.from(bytes))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function tagged(tag: number, value: Buffer): Buffer {
  const { length } = value
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.of(tag, ...size), value])
}
