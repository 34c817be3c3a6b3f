import { until } from '../../support/until.js'

/** What Superset answered. */
export interface SupersetAnswer {
  status: number
  /** The body: JSON where it is some, else its text. */
  body: unknown
  headers: Headers
}

/** Somebody who has logged in to Superset's API. */
export interface SupersetClient {
  /** What every request of his carries. */
  headers: Readonly<Record<string, string>>
  get(path: string): Promise<SupersetAnswer>
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<SupersetAnswer>
}

/** Logs in as a browser's scripts do: a bearer token, and for what is no reading a second token beside a cookie. */
export async function logIn(url: string, username: string, password: string): Promise<SupersetClient> {
  // Superset lets somebody try only so many passwords a minute.
  const token = await until('Superset lets us log in', async () => {
    const answer = await ask(`${url}/api/v1/security/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password, provider: 'db', refresh: false }),
    })
    return answer.status === 200 ? textAt(answer.body, 'access_token') : undefined
  })
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` }
  const csrf = await ask(`${url}/api/v1/security/csrf_token/`, { headers })
  headers['X-CSRFToken'] = textAt(csrf.body, 'result')
  headers['Cookie'] = csrf.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
  headers['Referer'] = `${url}/`
  return {
    headers,
    get: async (path) => ask(url + path, { headers }),
    send: async (method, path, body) =>
      ask(url + path, {
        method,
        headers: { ...headers, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  }
}

/** Asks once, and follows no redirection: that one is sent to the login page is an answer. */
export async function ask(url: string, init: RequestInit): Promise<SupersetAnswer> {
  const reply = await fetch(url, { ...init, redirect: 'manual' })
  const text = await reply.text()
  return { status: reply.status, body: asJson(text), headers: reply.headers }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function textAt(body: unknown, name: string): string {
  if (typeof body === 'object' && body !== null && name in body)
    return String(body[name as keyof typeof body])
  throw new Error(`Superset's answer has no ${name}: ${JSON.stringify(body)}`)
}
