import type { Alert } from './alert.js'
import type { Delivery } from './delivery.js'
import type { WebhookReceiver } from './receiver.js'
import { signatureHeader, signatureOf } from './signature.js'

/** Statuses that speak of the message: those behind it may fare better. */
const refusals = new Set([400, 413, 422])
/** An answer says in one word what is wrong, as Slack's do; of anything else nothing is kept, it may hold a secret. */
const wordPattern = /^[a-z]+(_[a-z]+)*$/
/** Characters of such a word at the most. */
const wordCharsMax = 60

/** Posts an alert. Redirects are not followed: whoever may redirect must not choose who reads the alert. */
export async function sendToWebhook(
  receiver: WebhookReceiver,
  { id, body }: Alert,
  { secret, nowMs, signal }: { secret: string | undefined; nowMs: () => number; signal: AbortSignal },
): Promise<Delivery> {
  const timeLimit = AbortSignal.timeout(receiver.timeout_seconds * 1000)
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'User-Agent': 'Pulsehouse',
    'Idempotency-Key': id,
  }
  if (secret !== undefined) headers[signatureHeader] = signatureOf(body, secret, Math.floor(nowMs() / 1000))
  try {
    const response = await fetch(receiver.url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeLimit]),
    })
    return await deliveryOf(response)
  } catch (error) {
    if (timeLimit.aborted) return { sent: false, reason: `no answer within ${receiver.timeout_seconds} s` }
    return { sent: false, reason: `no connection: ${codeOf(error)}` }
  }
}

async function deliveryOf(response: Response): Promise<Delivery> {
  const { status, ok } = response
  const word = await firstWord(response)
  if (ok) return { sent: true }
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN)
  return {
    sent: false,
    reason: `status ${status}${word === '' ? '' : `, ${word}`}`,
    refused: refusals.has(status),
    ...(seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {}),
  }
}

/** Reads no more of an answer than it needs. What breaks off after the status changes nothing. */
async function firstWord({ body }: Response): Promise<string> {
  if (body === null) return ''
  const reader = body.getReader()
  try {
    const { value } = await reader.read()
    const text = Buffer.from(value ?? [])
      .toString()
      .trim()
    return text.length <= wordCharsMax && wordPattern.test(text) ? text : ''
  } catch {
    return ''
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** A message may repeat the address, which may be a secret; a code does not. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const code = (cause as { code?: unknown } | undefined)?.code
  if (typeof code === 'string') return code
  return cause instanceof Error ? cause.name : 'unknown'
}
