/** Scheme and name of the shop: with them before it, a path of the shop is the referrer of what it leads to. */
export const shopOrigin = 'https://www.pulseshop.example'

/** Whether a referrer is a path of the shop's own, and not the whole address of another site's page. */
export function isOwnPage(referrer: string): boolean {
  return referrer.startsWith('/')
}
