import { describe, expect, test } from 'vitest'
import { actionOf, type KeyPlace, type KeyPress, placeOf } from '../../web/battle/keymap.ts'

const press = (key: string, over: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  repeat: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...over,
})
const page: KeyPlace = { typing: false, onControl: false, onSlider: false }

test.each([
  ['ArrowLeft', 'a'],
  ['ArrowRight', 'b'],
  ['ArrowUp', 'tie'],
  ['ArrowDown', 'both_bad'],
] as const)('%s votes %s', (key, outcome) => {
  expect(actionOf(press(key), page)).toEqual({ kind: 'vote', outcome })
})

describe('a key means nothing of ours', () => {
  test('while a prompt is being typed, except Escape', () => {
    const typing = { ...page, typing: true }
    for (const key of ['ArrowLeft', 'ArrowDown', 'Enter', 'z', 'n', '?', '1'])
      expect(actionOf(press(key), typing)).toBeNull()
    expect(actionOf(press('Escape'), typing)).toEqual({ kind: 'stop' })
  })

  test('while it is held down: one press is one vote', () => {
    expect(actionOf(press('ArrowLeft', { repeat: true }), page)).toBeNull()
  })

  test.each(['altKey', 'ctrlKey', 'metaKey'] as const)('together with %s, which belongs to the browser', (modifier) => {
    expect(actionOf(press('ArrowLeft', { [modifier]: true }), page)).toBeNull()
    expect(actionOf(press('r', { [modifier]: true }), page)).toBeNull()
  })

  test('as Enter on a button, which has its own', () => {
    expect(actionOf(press('Enter'), { ...page, onControl: true })).toBeNull()
    expect(actionOf(press('Enter'), page)).toEqual({ kind: 'next' })
  })

  test('as an arrow on the divider or on a wide table, which move with it', () => {
    expect(actionOf(press('ArrowLeft'), { ...page, onSlider: true })).toBeNull()
    expect(actionOf(press('z'), { ...page, onSlider: true })).toEqual({ kind: 'undo' })
  })
})

test('arrows vote also from a button, so that a mouse user can go on by keyboard', () => {
  expect(actionOf(press('ArrowRight'), { ...page, onControl: true })).toEqual({ kind: 'vote', outcome: 'b' })
})

test('letters work by their place on a Cyrillic keyboard', () => {
  expect(actionOf(press('я', { code: 'KeyZ' }), page)).toEqual({ kind: 'undo' })
  expect(actionOf(press('а', { code: 'KeyF' }), page)).toEqual({ kind: 'follow-up' })
})

test('letters work by what they write on another Latin keyboard', () => {
  expect(actionOf(press('z', { code: 'KeyY' }), page)).toEqual({ kind: 'undo' })
  expect(actionOf(press('y', { code: 'KeyZ' }), page)).toBeNull()
})

test('the question mark lists the keys on any keyboard', () => {
  expect(actionOf(press('?', { code: 'Digit7' }), page)).toEqual({ kind: 'keys' })
})

describe('where a key was pressed', () => {
  const inPage = (html: string) => {
    document.body.innerHTML = html
    return document.body.querySelector('[data-here]')
  }

  test('text fields are typed in, check boxes are not', () => {
    expect(placeOf(inPage('<textarea data-here></textarea>')).typing).toBe(true)
    expect(placeOf(inPage('<input data-here>')).typing).toBe(true)
    expect(placeOf(inPage('<input type="checkbox" data-here>')).typing).toBe(false)
  })

  test('buttons and links have their own Enter, also through what lies in them', () => {
    expect(placeOf(inPage('<button><span data-here>x</span></button>')).onControl).toBe(true)
    expect(placeOf(inPage('<a href="/"><b data-here>x</b></a>')).onControl).toBe(true)
    expect(placeOf(inPage('<p data-here>x</p>')).onControl).toBe(false)
  })

  test('the divider moves with the arrows', () => {
    expect(placeOf(inPage('<div role="separator" tabindex="0" data-here></div>')).onSlider).toBe(true)
  })
})
