import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../server/config.ts'
import { toConfigurationPage, toEnvExample } from '../../server/settings-documents.ts'

function errorOf(environment: Record<string, string>): string {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'no error'
}

describe('settings', () => {
  test('an empty environment gives the documented defaults', () => {
    expect(readConfig({})).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      DATA_DIR: './data',
      SAMPLE_ARENA: 'auto',
      PUBLIC_ORIGINS: [],
    })
  })

  test('an empty value is a default, not a mistake', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ PORT: 3000, DATABASE_URL: '' })
  })

  test('every wrong setting gets one line that names it and what was expected', () => {
    expect(errorOf({ PORT: 'http', SAMPLE_ARENA: 'maybe' }).split('\n')).toEqual([
      'PORT: expected a whole number from 0 to 65535, got "http"',
      expect.stringMatching(/^SAMPLE_ARENA: .*"auto".*got "maybe"$/),
    ])
  })

  test.each([
    ['PORT', '70000'],
    ['PUBLIC_ORIGINS', 'arena.example'],
    ['DATABASE_URL', 'mysql://localhost/arena'],
    ['OPENAI_BASE_URL', 'ftp://models'],
  ])('%s refuses %s', (name, value) => {
    expect(errorOf({ [name]: value })).toMatch(new RegExp(`^${name}: `))
  })

  test('a value that may hold a secret is never shown', () => {
    expect(errorOf({ DATABASE_URL: 'mysql://me:secret@db/arena' })).not.toContain('secret')
  })

  test('origins are read as browsers write them', () => {
    expect(readConfig({ PUBLIC_ORIGINS: 'https://Arena.example:443/, http://10.0.0.1:3000' }).PUBLIC_ORIGINS).toEqual([
      'https://arena.example',
      'http://10.0.0.1:3000',
    ])
  })

  test.each([
    ['.env.example', toEnvExample],
    ['docs/configuration.md', toConfigurationPage],
  ])('%s says what the code says', (file, made) => {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(made())
  })
})
