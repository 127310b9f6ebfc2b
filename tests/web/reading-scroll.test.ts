import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectPanes, type ReadingScroll } from '../../web/battle/reading-scroll.ts'

/** A pane whose size is what the test says: this DOM draws nothing, so nothing else would give it one. */
function pane(contentPx: number, windowPx = 100) {
  const element = document.createElement('div')
  element.append(Object.assign(document.createElement('div'), { className: 'turns' }))
  const sizes = { contentPx }
  Object.defineProperty(element, 'clientHeight', { get: () => windowPx })
  Object.defineProperty(element, 'scrollHeight', { get: () => sizes.contentPx })
  document.body.append(element)
  return { element, sizes }
}

let a: ReturnType<typeof pane>
let b: ReturnType<typeof pane>
let scroll: ReadingScroll

beforeEach(() => {
  a = pane(500)
  b = pane(300)
  scroll = connectPanes(a.element, b.element)
})
afterEach(() => {
  scroll.detach()
  document.body.replaceChildren()
})

/** A person scrolls; the browser tells of it afterwards, and of what the page itself has moved too. */
function scrollTo(one: HTMLElement, top: number) {
  one.scrollTop = top
  one.dispatchEvent(new Event('scroll'))
  for (const each of [a.element, b.element]) if (each !== one) each.dispatchEvent(new Event('scroll'))
}

describe('in step', () => {
  test('the other answer goes to the same part of its text', () => {
    scroll.setInStep(true)
    scrollTo(a.element, 200)
    expect(b.element.scrollTop).toBe(100)
    scrollTo(b.element, 200)
    expect(a.element.scrollTop).toBe(400)
  })

  test('turned off, each goes alone', () => {
    scroll.setInStep(false)
    scrollTo(a.element, 200)
    expect(b.element.scrollTop).toBe(0)
  })

  test('what the page has moved is not taken for the person: the two never push each other', () => {
    scroll.setInStep(true)
    a.sizes.contentPx = 433
    for (const top of [33, 66, 99, 132]) {
      scrollTo(a.element, top)
      expect(a.element.scrollTop).toBe(top)
    }
  })
})

describe('following the end', () => {
  test('begins at the end of what is being written, and at the top of what is there already', () => {
    scroll.restart()
    expect(a.element.scrollTop).toBe(0)
    scroll.setStreaming(true)
    scroll.restart()
    expect([a.element.scrollTop, b.element.scrollTop]).toEqual([400, 200])
  })

  test('lets go when the person scrolls up, and takes hold again at the end', () => {
    scroll.setStreaming(true)
    scroll.restart()
    a.element.dispatchEvent(new Event('scroll'))
    scrollTo(a.element, 300)
    a.sizes.contentPx = 600
    scroll.grow()
    expect(a.element.scrollTop).toBe(300)
    scrollTo(a.element, 500)
    a.sizes.contentPx = 700
    scroll.grow()
    expect(a.element.scrollTop).toBe(600)
  })

  test('holds on when the text becomes shorter for a moment', () => {
    scroll.setStreaming(true)
    scroll.restart()
    a.element.dispatchEvent(new Event('scroll'))
    a.sizes.contentPx = 450
    a.element.scrollTop = 350
    scroll.grow()
    a.sizes.contentPx = 600
    a.element.dispatchEvent(new Event('scroll'))
    scroll.grow()
    expect(a.element.scrollTop).toBe(500)
  })

  test('ends with the answers: nothing moves any more', () => {
    scroll.setStreaming(true)
    scroll.restart()
    scroll.setStreaming(false)
    a.sizes.contentPx = 900
    scroll.grow()
    expect(a.element.scrollTop).toBe(400)
  })
})
