import { connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server and breaks the line where it is told to. */
export interface TcpProxy {
  readonly port: number
  /** The next message to the server that holds these bytes still passes; then both ends are cut, and no answer comes. */
  cutAfter(bytes: string): void
  /** Neither closes nor carries anything: what a cut cable looks like. */
  freeze(): void
  thaw(): void
  /** How often the line was cut. */
  readonly cuts: number
  close(): Promise<void>
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let pattern: Buffer | undefined
  let isFrozen = false
  let cuts = 0
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
    if (isFrozen) for (const socket of [client, upstream]) socket.pause()
    let isCut = false
    client.on('data', (chunk) => {
      const isMatch = pattern !== undefined && chunk.includes(pattern)
      if (isMatch) {
        pattern = undefined
        isCut = true
        cuts += 1
      }
      upstream.write(chunk, () => {
        // The server has it before the client is cut off; the upstream end stays open so that it can act on it.
        if (isMatch) setTimeout(() => client.destroy(), 50)
      })
    })
    upstream.on('data', (chunk) => isCut || client.write(chunk))
    client.on('close', () => upstream.end())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    port: address.port,
    get cuts() {
      return cuts
    },
    cutAfter: (bytes) => (pattern = Buffer.from(bytes)),
    freeze: () => {
      isFrozen = true
      for (const socket of sockets) socket.pause()
    },
    thaw: () => {
      isFrozen = false
      for (const socket of sockets) socket.resume()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
