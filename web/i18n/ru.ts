import type { Texts } from './en.ts'
import { pluraliser } from './plural.ts'

const plural = pluraliser('ru')

export const ru: Texts = {
  shell: {
    skip: 'К содержанию',
    mainNav: 'Разделы',
    battle: 'Сравнение',
    leaderboard: 'Рейтинг',
    connection: { online: 'Связь есть', connecting: 'Соединяемся', offline: 'Нет связи' },
    allKeys: 'Все клавиши',
    otherLanguage: { code: 'EN', tag: 'en', name: 'English' },
    theme: { system: 'Тема: как в системе', light: 'Тема: светлая', dark: 'Тема: тёмная' },
    outdated: 'На сервере более новая страница.',
    reload: 'Перезагрузить',
    close: 'Закрыть',
    notFound: 'Здесь нет страницы',
    notFoundAction: 'Перейти к сравнению',
    pageFailed: 'Эта часть страницы не загрузилась.',
    loading: 'Загрузка',
  },
  battle: {
    title: 'Сравнение',
    leaderboardTitle: 'Рейтинг',
    question: 'Какой ответ лучше?',
    othersJudged: (count) =>
      `Эту пару ${plural(count, { one: 'оценил', other: 'оценили' })} ещё ${count} ${plural(count, { one: 'человек', few: 'человека', many: 'человек', other: 'человека' })}`,
  },
}
