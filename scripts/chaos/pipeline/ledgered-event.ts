/** Whose event it is and which: producers from 1, their counters from 1. */
export interface EventName {
  producer: number
  counter: number
}

/** Every so many-th event is none: it has to be rejected. */
const malformedEvery = 23

/** Service of the events that are remembered; the generator's have others. */
export const ledgeredService = 'chaos'

/** What an event of a producer begins its request id with. */
export function requestIdPrefix(producer: number): string {
  return `chaos-${producer}-`
}

/** Whether an event is made so that it has to be rejected. */
export function isMalformed(counter: number): boolean {
  return counter % malformedEvery === 0
}

/** Writes an event as a line; what stands in it follows from its name, but for the time. */
export function ledgeredLine({ producer, counter }: EventName, timestamp: string): string {
  const requestId = `${requestIdPrefix(producer)}${counter}`
  if (isMalformed(counter)) {
    // In turns cut in the middle, and whole with a field that can't be what it says.
    if (counter % 2 === 0) return `{"request_id":"${requestId}","message":"cut`
    return JSON.stringify({ request_id: requestId, timestamp, status_code: 'none' })
  }
  return JSON.stringify({
    request_id: requestId,
    timestamp,
    service: ledgeredService,
    level: counter % 10 === 0 ? 'ERROR' : 'INFO',
    session_id: `session-${producer}-${Math.floor(counter / 20)}`,
    user_id: `user_${counter % 97}`,
    ip_address: `192.0.2.${counter % 251}`,
    action: counter % 7 === 0 ? 'login' : 'view_page',
    url: `/products/${counter % 50}`,
    product_id: `product-${counter % 50}`,
    cart_size: counter % 1000,
    response_time: counter % 977,
    status_code: counter % 10 === 0 ? 500 : counter % 7 === 0 ? 401 : 200,
  })
}

/** SQL that is true for a row of `logs` whose values are not those of its counter. */
export const wrongValues =
  "cart_size != counter % 1000 OR response_time != counter % 977 OR endpoint = '' OR status_code != multiIf(counter % 10 = 0, 500, counter % 7 = 0, 401, 200)"
