import { texts } from '../i18n/texts.ts'
import type { PageProps } from '../shell/page.ts'
import { useTitle } from '../shell/title.ts'

interface BattlePageProps extends PageProps {
  readonly keysShown: boolean
  readonly showKeys: (shown: boolean) => void
}

export function BattlePage({ arena }: BattlePageProps) {
  const { battle } = texts()
  useTitle(battle.title)
  return <main id="main" class="sheet" aria-busy={arena === null} />
}
