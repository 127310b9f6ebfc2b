import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { AppError } from './app-error.ts'

/**
 * Who may talk to this server from a browser. A page of another site must not use a visitor's cookie (cross-site
 * sockets and requests), and a hostile name that was made to point here must not be answered (DNS rebinding).
 */
export class OriginGuard {
  readonly #origins: ReadonlySet<string>
  readonly #hosts: ReadonlySet<string>

  constructor({ publicOrigins }: { publicOrigins: readonly string[] }) {
    this.#origins = new Set(publicOrigins)
    this.#hosts = new Set(publicOrigins.map((origin) => new URL(origin).host))
  }

  /** @throws AppError `request/forbidden-origin` */
  check(request: Pick<FastifyRequest, 'headers' | 'method' | 'protocol'>, { isSocket }: { isSocket: boolean }): void {
    const { host, origin } = request.headers
    if (!host || !this.#isOurHost(host)) {
      throw refuse(`This server does not answer for the name "${printable(host)}"; add its origin to PUBLIC_ORIGINS`)
    }
    const changes = isSocket || !['GET', 'HEAD', 'OPTIONS'].includes(request.method)
    if (!changes) return
    if (origin === undefined) return this.#checkWithoutOrigin(request, isSocket)
    if (!this.#origins.has(origin) && origin !== `${request.protocol}://${host}`) {
      throw refuse('Requests from pages of another origin are not taken')
    }
    return undefined
  }

  /** Browsers always name the origin of a socket; a program without one must carry its token in a header. */
  #checkWithoutOrigin({ headers }: Pick<FastifyRequest, 'headers'>, isSocket: boolean): void {
    if (isSocket && headers.authorization === undefined) {
      throw refuse('A socket needs an Origin header, or a session token as "Authorization: Bearer …"')
    }
    const site = headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      throw refuse('Requests from pages of another origin are not taken')
  }

  #isOurHost(host: string): boolean {
    if (this.#hosts.has(host)) return true
    const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
    return name === 'localhost' || isIP(name) !== 0
  }
}

function refuse(message: string): AppError {
  return new AppError('request/forbidden-origin', message)
}

function printable(text: string | undefined): string {
  return (text ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 100)
}
