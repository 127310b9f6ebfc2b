import type { ArenaStatus } from '../../contract/arena.ts'
import type { Api } from '../api.ts'
import type { ArenaSocket } from '../socket.ts'

/** What every page is given. A page sets its own title with `useTitle`. */
export interface PageProps {
  readonly api: Api
  readonly socket: ArenaSocket
  /** Null until the server has answered for the first time. */
  readonly arena: ArenaStatus | null
}
