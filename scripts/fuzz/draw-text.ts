import type { Random } from '../chaos/random.js'

/** Texts that have broken something somewhere: quoting, encoding, number and time parsing, prototypes, paths. */
const wildTexts = [
  '',
  ' ',
  ',',
  '\\',
  '\\,',
  "' OR 1=1 --",
  "'; DROP TABLE logs; --",
  '`',
  '"',
  '%',
  '%00',
  '%ZZ',
  '{x:String}',
  '{{',
  '}',
  '\0',
  '\r\nX-Injected: 1',
  '\t',
  '\u007f',
  '\ufeff',
  '\u202e',
  '\ud83d\ude00',
  '\ud800',
  'é',
  'ﬀ',
  'İ',
  '東京',
  '../../etc/passwd',
  'file:///etc/passwd',
  'http://127.0.0.1/',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'true',
  'NaN',
  'Infinity',
  '0',
  '-0',
  '-1',
  '1e2',
  '1e309',
  '9007199254740993',
  '18446744073709551616',
  '0x10',
  '١٢',
  '1.5',
  '+1',
  '1_000',
  '-0s',
  '-999999999d',
  '-1m',
  '-1h30m',
  'now',
  'NOW',
  '1970-01-01T00:00:00Z',
  '2106-02-07T06:28:16Z',
  '2026-02-30T00:00:00Z',
  '2026-03-01T12:00:00.123456789Z',
  '2026-03-01',
  '2026-03-01T24:00:00Z',
  '0001-01-01T00:00:00Z',
  '[]',
  '{}',
  '[1',
  '{"a":1}',
  '*',
  '.*',
  '(a+)+$',
  '\\u0000',
  '<script>',
  '${7*7}',
  'a:b',
  ':',
  'a:',
  ':b',
  '"a b"',
  '"',
] as const

/** Long enough for every limit of a text, of a list and of an address. */
const lengths = [200, 201, 1_000, 5_000]

/** A text that no schema asks for. */
export function drawWildText(random: Random): string {
  if (random.share() < 0.1) return random.pick(['a', ',', '1', '-', '\u20ac']).repeat(random.pick(lengths))
  return random.pick(wildTexts)
}

/** A text that is nearly another one: a character more, less, twice or in the other case. */
export function drawNearText(random: Random, text: string): string {
  const at = random.integer(0, Math.max(text.length - 1, 0))
  const [before, here, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)]
  return random.pick([
    () => before + after,
    () => before + here + here + after,
    () => before + random.pick([',', ' ', '0', '-', '.', 'x', '\0', '%']) + here + after,
    () => before + (here === here.toUpperCase() ? here.toLowerCase() : here.toUpperCase()) + after,
    () => `${text},${text}`,
    () => `${text},`,
    () => Array.from({ length: 21 }, () => text).join(','),
  ])()
}

/** What of a text may stand in a header at all: visible ASCII. */
export function asHeader(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '').trim()
}
