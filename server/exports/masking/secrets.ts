const BLOCK =
  /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----[A-Za-z0-9+/=\s:,-]{0,8192}?-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----/g

/** Keys that say by their shape what they open. */
const SHAPES = [
  'sk-(?=[A-Za-z0-9_-]{0,100}\\d)[A-Za-z0-9_-]{20,256}',
  'gh[pousr]_[A-Za-z0-9]{30,255}',
  'github_pat_[A-Za-z0-9_]{30,255}',
  'glpat-[A-Za-z0-9_-]{20,64}',
  '(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}',
  'AIza[A-Za-z0-9_-]{35}',
  'ya29\\.[A-Za-z0-9_-]{20,512}',
  'xox[abeoprs]-[A-Za-z0-9-]{10,255}',
  '(?:hf|npm|gsk|r8|sbp|shpat|dop_v1)_[A-Za-z0-9]{20,255}',
  'pypi-[A-Za-z0-9_-]{40,255}',
  '(?:sk|pk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,255}',
  'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}',
  '\\d{8,10}:[A-Za-z0-9_-]{35}',
  'eyJ[A-Za-z0-9_-]{8,2048}\\.[A-Za-z0-9_-]{8,4096}\\.[A-Za-z0-9_-]{8,1024}',
]
const SHAPED = new RegExp(`(?<![A-Za-z0-9_-])(?:${SHAPES.join('|')})(?![A-Za-z0-9_-])`, 'g')

/**
 * A value behind a name that says it is secret: `AWS_SECRET_ACCESS_KEY=…`, `api-key: …`, `Bearer …`, `токен …`. Letters
 * and digits mixed and long, because a word or a number alone is no secret.
 */
const ASSIGNED = new RegExp(
  '((?<![\\p{L}\\p{N}_])(?:[A-Za-z0-9]+[_-]){0,5}' +
    '(?:(?:api|access|secret|private|client|auth)[_ -]?(?:key|token|secret)|key|secret|token|bearer|password|passwd|пароль|ключ|токен)' +
    `["'\`]?\\s{0,3}(?:[:=]|=>|is|это|—)?\\s{0,3}["'\`]?)` +
    '(?![=_-])(?=[A-Za-z0-9_+/.=-]{0,200}\\d)(?=[A-Za-z0-9_+/.=-]{0,200}[A-Za-z])[A-Za-z0-9_+/.=-]{16,512}(?![A-Za-z0-9_(+/-])',
  'giu',
)

/** Passwords are short, so the name must be followed by a sign that the value comes now. */
const PASSWORD =
  /((?<![\p{L}\p{N}])(?:password|passwd|pwd|пароль)(?:\s[\p{L}-]{1,20}){0,3}["'`]?\s{0,3}(?:[:=]|=>|—|\sis|\sэто)\s{0,3}["'`]?)((?=\S{0,64}\d)(?=\S{0,64}\p{L})[\p{L}\d!#$%&*+.?@^_~-]{5,63}[\p{L}\d!#$%&*+?^_~-])(?![\p{L}\d(])/giu

export function maskSecrets(text: string, replacement: () => string): string {
  const keepName = (_whole: string, name: string) => name + replacement()
  return text.replace(BLOCK, replacement).replace(SHAPED, replacement).replace(ASSIGNED, keepName)
}

export function maskPasswords(text: string, replacement: () => string): string {
  return text.replace(PASSWORD, (_whole: string, name: string) => name + replacement())
}
