import { inBothLanguages } from '../i18n/language.ts'
import { pluraliser } from '../i18n/plural.ts'

const plural = { en: pluraliser('en'), ru: pluraliser('ru') }

/** The few words that the page adds to an answer. */
export const markdownTexts = inBothLanguages(
  {
    code: 'code',
    copyCode: 'Copy code',
    copied: 'Copied',
    notCopied: 'The browser does not allow copying',
    table: 'Table',
    formula: 'Formula',
    image: (alt: string) => (alt === '' ? 'image' : `image: ${alt}`),
    done: 'done',
    notDone: 'not done',
    notes: 'Footnotes',
    note: (number: number) => `Footnote ${number}`,
    backToText: (number: number) => `Back to the text at footnote ${number}`,
    empty: 'This answer is empty.',
    showRest: (characters: string) => `Show the rest (${characters} characters)`,
    showBlocks: (count: number) => `Show the rest (${count} more ${plural.en(count, { one: 'part', other: 'parts' })})`,
    hiddenCharacter: (name: string, count: number) =>
      name.startsWith('+')
        ? `${name.slice(1)} stacked marks left out`
        : `hidden ${plural.en(count, { one: 'character', other: 'characters' })} ${name}`,
  },
  {
    code: 'код',
    copyCode: 'Скопировать код',
    copied: 'Скопировано',
    notCopied: 'Браузер не разрешает копировать',
    table: 'Таблица',
    formula: 'Формула',
    image: (alt) => (alt === '' ? 'картинка' : `картинка: ${alt}`),
    done: 'сделано',
    notDone: 'не сделано',
    notes: 'Сноски',
    note: (number) => `Сноска ${number}`,
    backToText: (number) => `Назад к тексту у сноски ${number}`,
    empty: 'Этот ответ пуст.',
    showRest: (characters) => `Показать остальное (знаков: ${characters})`,
    showBlocks: (count) =>
      `Показать остальное (ещё ${count} ${plural.ru(count, { one: 'часть', few: 'части', many: 'частей', other: 'части' })})`,
    hiddenCharacter: (name, count) =>
      name.startsWith('+')
        ? `убрано лишних знаков над буквой: ${name.slice(1)}`
        : `${plural.ru(count, { one: 'скрытый знак', other: 'скрытые знаки' })} ${name}`,
  },
)
