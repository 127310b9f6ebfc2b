import { pluraliser } from './plural.ts'

const plural = pluraliser('en')

/** Every text of the shell and of the battle page. `ru.ts` has the same type, so neither can lack one. */
export const en = {
  shell: {
    skip: 'Skip to content',
    mainNav: 'Main',
    battle: 'Battle',
    leaderboard: 'Leaderboard',
    connection: { online: 'Connected', connecting: 'Connecting', offline: 'No connection' },
    allKeys: 'All keys',
    otherLanguage: { code: 'RU', tag: 'ru', name: 'Русский' },
    theme: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
    outdated: 'The server has a newer page.',
    reload: 'Reload',
    close: 'Close',
    notFound: 'There is no page here',
    notFoundAction: 'Go to the battle',
    pageFailed: 'This part of the page did not load.',
    loading: 'Loading',
  },
  battle: {
    title: 'Battle',
    leaderboardTitle: 'Leaderboard',
    question: 'Which answer is better?',
    othersJudged: (count: number) =>
      `${count} other ${plural(count, { one: 'person', other: 'people' })} judged this pair`,
  },
}

export type Texts = typeof en
