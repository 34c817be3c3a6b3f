import { createHmac } from 'node:crypto'

/** The header that {@link signatureOf} stands in. */
export const signatureHeader = 'X-Pulsehouse-Signature'

/**
 * Proves to a receiver who wrote a body, and when: `t=<seconds>,v1=<HMAC-SHA-256 of "t.body", hexadecimal>`. The time is
 * signed too, so that a receiver can refuse what was recorded and is sent again much later.
 */
export function signatureOf(body: string, secret: string, atSeconds: number): string {
  const hash = createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex')
  return `t=${atSeconds},v1=${hash}`
}
