import { defineConfig, type Plugin } from 'vite'

const here = import.meta.dirname

/** The page. In development it proxies everything that the server answers, so that both live on one port. */
export default defineConfig(() => {
  const target = process.env['RINGSIDE_DEV_SERVER']
  return {
    root: `${here}/web`,
    plugins: [onlyWoff2()],
    publicDir: `${here}/web/public`,
    cacheDir: `${here}/.cache/vite`,
    build: {
      outDir: `${here}/dist/web`,
      emptyOutDir: true,
      target: 'es2022',
      // Everything is served by ourselves under a strict content security policy: no inlined data URLs for scripts.
      modulePreload: { polyfill: false },
      // Nor for fonts: `font-src 'self'` refuses data URLs.
      assetsInlineLimit: 0,
      // How long plugins took is of no interest to who starts an arena.
      rolldownOptions: { checks: { bundlerTimings: false } },
    },
    server: {
      strictPort: true,
      ...(target === undefined ? {} : { proxy: devProxy(target) }),
    },
  }
})

/** Whole words of the path: the page has a module `/api.ts` of its own. */
function devProxy(target: string) {
  return { '^/api/': { target, ws: true }, '^/(healthz|readyz|metrics)$': { target } }
}

/** KaTeX brings each of its fonts in three formats; every browser that can run the page reads the smallest. */
function onlyWoff2(): Plugin {
  return {
    name: 'only-woff2',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/katex\/dist\/[\w.]+\.css/.test(id)) return undefined
      return { code: code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)/g, ''), map: null }
    },
  }
}
