import { startScriptedEndpoint } from '../tests/support/scripted-endpoint.ts'

/**
 * Models to develop with, offline: they answer any prompt at a human pace, each in its own manner. `npm run dev` starts
 * them when no real models are configured. The first line printed is where they are.
 */
const endpoint = await startScriptedEndpoint({
  models: {
    'dev-brief': {
      text: (prompt) => `In short: ${firstWords(prompt)}. That is all.`,
      tokensPerSecond: 30,
      firstTokenMs: 300,
    },
    'dev-formatted': { text: toFormattedAnswer, tokensPerSecond: 80, firstTokenMs: 600 },
    'dev-thinker': {
      text: (prompt) =>
        `After some thought about "${firstWords(prompt)}" I would say: it depends, and here is on what.`,
      reasoning: 'The person asks for something. Let me see what could be meant by it, and what could not.',
      tokensPerSecond: 25,
      firstTokenMs: 900,
    },
    'dev-rambler': {
      text: (prompt) => `${firstWords(prompt)}, you say? `.repeat(3) + 'It reminds me of something else. '.repeat(40),
      tokensPerSecond: 60,
      firstTokenMs: 200,
    },
  },
})
console.log(endpoint.baseUrl)

function firstWords(prompt: string): string {
  return prompt.trim().split(/\s+/).slice(0, 8).join(' ')
}

/** Everything that the page has to draw. */
function toFormattedAnswer(prompt: string): string {
  return [
    `## ${firstWords(prompt)}`,
    'Three things **matter**, and one of them is `code`:',
    '1. the first\n2. the second\n   - with a part of its own\n3. the third',
    '| thing | worth |\n| --- | ---: |\n| first | 1 |\n| second | 22 |',
    '```python\ndef worth(things):\n    return sum(thing.value for thing in things)\n```',
    'As a formula: $\\sum_{i=1}^{n} w_i$, or on a line of its own\n\n$$w = \\frac{1}{n}\\sum_{i=1}^{n} w_i$$',
    '> Nothing here was thought by anybody.',
  ].join('\n\n')
}
