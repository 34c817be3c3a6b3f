const host = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i

/** The domain of a referring page, without `www.`; empty for a page of the site itself or none. */
export function referrerDomainOf(referrerUrl: string | undefined): string {
  const found = referrerUrl === undefined ? undefined : host.exec(referrerUrl)?.[1]
  return found === undefined ? '' : found.toLowerCase().replace(/^www\./, '')
}
