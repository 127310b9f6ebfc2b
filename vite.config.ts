import { defineConfig } from 'vite'

const here = import.meta.dirname

/** The page. In development it proxies everything that the server answers, so that both live on one port. */
export default defineConfig(() => {
  const target = process.env['RINGSIDE_DEV_SERVER']
  return {
    root: `${here}/web`,
    publicDir: `${here}/web/public`,
    cacheDir: `${here}/.cache/vite`,
    build: {
      outDir: process.env['RINGSIDE_WEB_OUT'] ?? `${here}/dist/web`,
      emptyOutDir: true,
      target: 'es2022',
      // Everything is served by ourselves under a strict content security policy: no inlined data URLs for scripts.
      modulePreload: { polyfill: false },
      // Nor for fonts: `font-src 'self'` refuses data URLs.
      assetsInlineLimit: 0,
    },
    server: {
      strictPort: true,
      ...(target === undefined ? {} : { proxy: devProxy(target) }),
    },
  }
})

function devProxy(target: string) {
  const http = { target }
  return { '/api': { target, ws: true }, '/healthz': http, '/readyz': http, '/metrics': http }
}
