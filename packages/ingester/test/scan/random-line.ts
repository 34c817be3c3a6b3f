import type { Random } from '../simulation/random.js'

const texts: Record<string, readonly string[]> = {
  level: ['INFO', 'WARN', 'ERROR', 'DEBUG', 'info', 'success', '30', ''],
  service: ['checkout', 'catalog', 'größe', 'web-7', ''],
  host: ['web-1', 'web-2', 'jane@shop.example', '10.0.0.7'],
  message: ['', 'user "jane" left', 'password=hunter2 was wrong', 'all is well', 'tab\there', 'é'],
  action: ['login', 'view_page', 'buy\\now'],
  http_method: ['GET', 'post', 'Put'],
  url: [
    '/products/12',
    '/users/jane77/cart',
    '/search?q=a%20b&token=abc',
    '/a?ip=211.65.129.245',
    '/cart/user_68637',
    'https://x:y@host/',
    '/%75ser_68637',
  ],
  referrer_url: [
    'https://www.shop.example/products?category=grocery',
    'https://www.news.example/a',
    '/p?u=user_68637',
    '',
  ],
  user_agent: [
    'Mozilla/5.0 (Linux; Android 12; SM-T800) AppleWebKit/537.44 (KHTML, like Gecko) Chrome/83.5.12.8 Mobile Safari/548.58',
    'curl/8.1.0',
    'jane@shop.example',
  ],
  user_id: [
    'user_68637',
    'jane',
    'ab',
    '4711',
    '12345',
    'admin',
    'jane@shop.example',
    'user_abcdefghijklmnop',
    'ER_6',
  ],
  ip_address: [
    '211.65.129.245',
    '2a01:4ee4:fc13:363a:f006:a9ba:4ec7:6934',
    '::1',
    'client.example',
    'ip_abcdefghijklmnop',
  ],
  token: ['token_29ddeb2d3569', 'abc', 'eyJhbGciOiJIUzI1NiJ9.e30.x', 'ab', 'te%20st'],
  request_id: [
    'req_b5c3b8e5c42f',
    'a1b2',
    'sk_live_abcdefgh12345678',
    'REQ-9',
    'x'.repeat(65),
    'AKIA_abcdefabcdefabcd',
    'ghp_abcdefabcdefabcdef12',
  ],
  session_id: ['session_902dc80cc1c7', 'session_12345', 'V1StGXR8_Z5jdHi6B-myT', 'jane', 'tok_123456'],
  correlation_id: ['corr_4662c0278de9', '211.65.129.245', 'req_b5c3b8e5c42f'],
  product_id: ['prod_1921', 'prod_7'],
  checkout_status: ['pending', 'failed'],
  auth_method: ['OAuth', 'JWT'],
  auth_level: ['user', 'admin'],
  server_ip: ['10.20.2.11', '211.65.129.245'],
  protocol: ['HTTPS', 'HTTP'],
  status_text: ['OK', 'Not Found'],
  detail: [
    'Request succeeded.',
    'Hello jane',
    'Token abc was refused',
    'He said "no"',
    'user_68637 again',
    '12345 items',
  ],
  // Not of the catalog, or another logger's name.
  msg: ['hi'],
  cart: ['full'],
}
const numbers: Record<string, readonly string[]> = {
  response_time: [
    '119.82',
    '0',
    '0.5',
    '1e3',
    '"0.61s"',
    '-1',
    '86400001',
    '12345678901234567890',
    '01',
    '1.',
    '.5',
    '7.10',
  ],
  db_query_time: ['4.22', '1.005', '0.1'],
  server_processing_time: ['16.47', 'null'],
  network_latency: ['99.13', '3.3333333333333335'],
  cart_size: ['3', '0', '4294967295', '4294967296', '2.0', '2.5'],
  port: ['8443', '0', '"443"', '65535', '65536'],
  status_code: ['200', '500', '404', '99', '600', '"200"'],
}
const times = [
  '"2026-11-22T10:00:00.153624Z"',
  '"2026-11-22T10:00:59.9Z"',
  '"2026-11-22T10:00:00Z"',
  '"2026-11-22T10:00:60Z"',
  '"2026-11-22T10:00:00.1234567Z"',
  '"2026-11-22 10:00:00Z"',
  '"2026-11-22T10:00:00+02:00"',
  '"2026-02-30T10:00:00Z"',
  '"2026-11-22T10:00Z"',
  '1795341600',
  '"1795341600"',
  '"1980-01-01T00:00:00Z"',
  '"2026-11-22T24:00:00Z"',
  '""',
]

/** A line of JSON as applications may write it: often plain, sometimes with one surprise or several. */
export function randomLine(random: Random): string {
  const isPlain = random.chance(0.5)
  // What stands first is what is plain.
  const pick = <T>(values: readonly T[]): T =>
    values[random.between(0, isPlain && random.chance(0.95) ? 0 : values.length - 1)] as T
  const fields: string[] = random.chance(0.97) ? [`"timestamp":${pick(times)}`] : []
  for (const [name, values] of Object.entries(texts)) {
    const isOdd = name === 'msg' || name === 'cart'
    if (random.chance(isOdd ? 0.02 : name === 'level' ? 0.97 : 0.6))
      fields.push(`"${name}":${JSON.stringify(pick(values))}`)
  }
  for (const [name, values] of Object.entries(numbers))
    if (random.chance(0.6)) fields.push(`"${name}":${pick(values)}`)
  if (random.chance(0.05)) fields.push(fields[random.between(0, fields.length - 1)] ?? '')
  if (random.chance(0.1)) fields.reverse()
  const line = `{${fields.join(random.chance(0.02) ? ', ' : ',')}}`
  return random.chance(0.05) ? damaged(line, random) : line
}

function damaged(line: string, random: Random): string {
  const at = random.between(0, line.length)
  const instead = ['', '"', '\\', '{', '}', ' ', '\u0001', 'é', ',', ':'][random.between(0, 9)] ?? ''
  return line.slice(0, at) + instead + line.slice(at + 1)
}
