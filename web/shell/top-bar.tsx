import { chooseLanguage } from '../i18n/language.ts'
import { texts } from '../i18n/texts.ts'
import type { Connection } from '../socket.ts'
import { Icon } from './icon.tsx'
import { Mark } from './mark.tsx'
import { Link, path } from './router.tsx'
import { chooseNextTheme, theme } from './theme.ts'

const THEME_ICON = { system: 'sun-moon', light: 'sun', dark: 'moon' } as const

export function TopBar({ connection, onKeys }: { connection: Connection; onKeys: (() => void) | null }) {
  const { shell } = texts()
  const other = shell.otherLanguage
  return (
    <header class="top">
      <Link class="brand" href="/" aria-label="Ringside">
        <Mark />
        <span class="name">Ringside</span>
      </Link>
      <nav aria-label={shell.mainNav}>
        <NavLink href="/" text={shell.battle} />
        <NavLink href="/leaderboard" text={shell.leaderboard} />
      </nav>
      <div class="end">
        <span class={`line ${connection}`} title={shell.connection[connection]}>
          <span class="vh">{shell.connection[connection]}</span>
        </span>
        {onKeys && (
          <button type="button" class="ib wide" aria-label={shell.allKeys} title={shell.allKeys} onClick={onKeys}>
            ?
          </button>
        )}
        <button
          type="button"
          class="ib"
          lang={other.tag}
          aria-label={`${other.code}: ${other.name}`}
          title={other.name}
          onClick={() => chooseLanguage(other.tag === 'ru' ? 'ru' : 'en')}
        >
          {other.code}
        </button>
        <button
          type="button"
          class="ib"
          aria-label={shell.theme[theme.value]}
          title={shell.theme[theme.value]}
          onClick={chooseNextTheme}
        >
          <Icon name={THEME_ICON[theme.value]} />
        </button>
      </div>
    </header>
  )
}

function NavLink({ href, text }: { href: string; text: string }) {
  return (
    <Link href={href} {...(path.value === href ? { 'aria-current': 'page' as const } : {})}>
      {text}
    </Link>
  )
}
