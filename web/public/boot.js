// Runs before the first paint, so that a chosen theme and language never flash in afterwards. It is a file of its own
// because the content security policy allows no inline script, and a classic script because modules wait for the page.
;(function () {
  const root = document.documentElement
  function remembered(key) {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }
  const theme = remembered('ringside.theme')
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
  const wishes = [remembered('ringside.language'), ...(navigator.languages ?? [navigator.language])]
  const spoken = wishes.map((tag) => String(tag).slice(0, 2).toLowerCase()).find((tag) => tag === 'en' || tag === 'ru')
  root.lang = spoken ?? 'en'
  // The face is `font-display: optional`: unless it is fetched at once, a first visit goes without it.
  const cyrillic = document.getElementById('cyrillic')
  if (root.lang === 'ru' && cyrillic) cyrillic.rel = 'preload'
})()
