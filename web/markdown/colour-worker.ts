import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import cpp from 'highlight.js/lib/languages/cpp'
import css from 'highlight.js/lib/languages/css'
import diff from 'highlight.js/lib/languages/diff'
import go from 'highlight.js/lib/languages/go'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import type { ColourAnswer, ColourRequest } from './code-colours.ts'
import { RunEmitter } from './code-runs.ts'

const languages = { bash, cpp, css, diff, go, java, javascript, json, python, rust, sql, typescript, xml, yaml }
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language)
hljs.configure({ __emitter: RunEmitter })

/** Colours code away from the page: code that is slow for a grammar holds up nobody and is given up after a while. */
addEventListener('message', ({ data }: MessageEvent<ColourRequest>) => {
  const emitter = hljs.highlight(data.code, { language: data.language, ignoreIllegals: true })._emitter
  const answer: ColourAnswer = { id: data.id, runs: emitter instanceof RunEmitter ? emitter.runs : [] }
  postMessage(answer)
})
