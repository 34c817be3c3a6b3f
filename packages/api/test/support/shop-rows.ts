import { seededRandom, type Row } from './rows.js'

const minute = 60_000_000

/** When the visits of the tests begin: the evening before a midnight in UTC, microseconds. */
export const visitsStart = Date.UTC(2026, 1, 28, 20) * 1000

const pages = ['/home', '/products/{id}', '/search', '/cart', '/checkout']

/**
 * Made-up visits to a shop over eight hours around a midnight, as rows of `logs`. Some visits last for hours, some
 * log in, some buy; a few of their events have the same timestamp. Some rows belong to no visit.
 */
export function shopRows(seed: number, visits: number): Row[] {
  const random = seededRandom(seed)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const rows: Row[] = []
  for (let visit = 0; visit < visits; visit += 1) {
    const length = pick([1, 1, 2, 3, 8, 20])
    const pace = pick([0.01, 1, 1, 30])
    const user = random() < 0.6 ? `user_${Math.floor(random() * visits * 0.4)}` : undefined
    const origin = pick(['google.com', 'bing.com', ''])
    const agent = {
      device: pick(['desktop', 'mobile', 'tablet']),
      browser: pick(['Chrome', 'Firefox']),
      os: pick(['Android', 'Linux']),
    }
    let at = visitsStart + Math.floor(random() * 480 * minute)
    for (let step = 0; step < length; step += 1) {
      // The first and the last event of a long visit are pages, and stand alone in their microsecond: which of two pages is
      // the first is not said where both have one timestamp.
      const edge = length > 3 && (step === 0 || step === length - 1)
      const action = edge
        ? 'view_page'
        : pick(['view_page', 'view_page', 'view_page', 'click_button', 'submit_form'])
      const checkout = action === 'submit_form' ? pick(['pending', 'completed', 'failed']) : ''
      rows.push({
        timestampMicros: at,
        level: random() < 0.1 ? 'ERROR' : 'INFO',
        attributes: {},
        streamCreatedSeconds: 1_770_000_000,
        streamSeq: 0,
        eventIndex: 0,
        service: pick(['web', 'checkout']),
        action,
        endpoint: pick(pages),
        ...(visit % 50 === 49 ? {} : { session_id: `session_${visit}` }),
        ...(user !== undefined && step > 0 ? { user_id: user } : {}),
        ...(step === 0 && origin !== '' ? { referrer_domain: origin } : { referrer_domain: 'shop.example' }),
        ...agent,
        ...(checkout === '' ? {} : { checkout_status: checkout, cart_size: 1 + Math.floor(random() * 40) }),
        ...(random() < 0.4 ? { product_id: `prod_${Math.floor(random() * 30)}` } : {}),
      })
      const same = step > 0 && step < length - 2 && random() < 0.15
      at += same ? 0 : 1 + Math.floor(random() * pace * minute)
    }
  }
  const ordered = rows.toSorted((a, b) => a.timestampMicros - b.timestampMicros)
  return ordered.map((row, index) => ({
    ...row,
    streamSeq: 1 + Math.floor(index / 50),
    eventIndex: index % 50,
  }))
}
