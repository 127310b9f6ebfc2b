import type { ReadonlySignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { ArenaStatus } from '../../contract/arena.ts'
import type { Api } from '../api.ts'
import type { BattleController } from '../battle/battle-controller.ts'
import { BattlePage } from '../battle/battle-page.tsx'
import { texts } from '../i18n/texts.ts'
import type { ArenaSocket } from '../socket.ts'
import { IconSymbols } from './icon.tsx'
import type { PageProps } from './page.ts'
import { Link, path } from './router.tsx'
import { useTitle } from './title.ts'
import { TopBar } from './top-bar.tsx'

/** Loaded when it is looked at, so that the battle page stays small. */
const loadLeaderboard = async () => (await import('../leaderboard/leaderboard-page.tsx')).LeaderboardPage

interface AppProps {
  readonly api: Api
  readonly socket: ArenaSocket
  readonly arena: ReadonlySignal<ArenaStatus | null>
  readonly pageBuild: ReadonlySignal<string | null>
  readonly battle: BattleController
}

export function App({ api, socket, arena, pageBuild, battle }: AppProps) {
  const { shell } = texts()
  const [keysShown, showKeys] = useState(false)
  const page: PageProps = { api, socket, arena: arena.value }
  const inBattle = path.value === '/'
  return (
    <>
      <IconSymbols />
      <a class="skip" href="#main">
        {shell.skip}
      </a>
      <TopBar connection={socket.connection.value} onKeys={inBattle ? () => showKeys(true) : null} />
      <Outdated pageBuild={pageBuild.value} serverBuild={socket.serverBuild.value} />
      {inBattle && <BattlePage {...page} battle={battle} keysShown={keysShown} showKeys={showKeys} />}
      {path.value === '/leaderboard' && <LazyPage load={loadLeaderboard} {...page} />}
      {!inBattle && path.value !== '/leaderboard' && <NotFound />}
    </>
  )
}

/** A server of another build has another page; drafts and the battle at hand survive the reload. */
function Outdated({ pageBuild, serverBuild }: { pageBuild: string | null; serverBuild: string | null }) {
  const { shell } = texts()
  if (pageBuild === null || serverBuild === null || pageBuild === serverBuild) return null
  return (
    <p class="notice" role="status">
      {shell.outdated}{' '}
      <button type="button" onClick={() => location.reload()}>
        {shell.reload}
      </button>
    </p>
  )
}

function LazyPage({ load, ...page }: PageProps & { load: () => Promise<ComponentType<PageProps>> }) {
  const { shell } = texts()
  const [loaded, setLoaded] = useState<{ page: ComponentType<PageProps> } | 'failed' | null>(null)
  useEffect(() => {
    load().then(
      (component) => setLoaded({ page: component }),
      () => setLoaded('failed'),
    )
  }, [load])
  if (loaded === null) return <main id="main" class="sheet" aria-busy="true" />
  if (loaded !== 'failed') return <loaded.page {...page} />
  return (
    <main id="main" class="sheet">
      <p role="alert">{shell.pageFailed}</p>
      <button type="button" class="btn" onClick={() => location.reload()}>
        {shell.reload}
      </button>
    </main>
  )
}

function NotFound() {
  const { shell } = texts()
  useTitle(shell.notFound)
  return (
    <main id="main" class="sheet">
      <h1>{shell.notFound}</h1>
      <p class="lede">
        <Link href="/">{shell.notFoundAction}</Link>
      </p>
    </main>
  )
}
