import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a request comes from a web page of somebody else. On loopback whoever asks is trusted, but a browser on this
 * machine asks for any page that it shows: with the page's own address as Origin, or, when the page's name was made to
 * mean this machine, with that name as Host.
 */
export function isForeignPage({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin !== undefined && !isOfThisMachine(hostnameOf(origin))) return true
  return host !== undefined && !isOfThisMachine(hostnameOf(`http://${host}`))
}

/** Whether a name or an address can mean nothing but the machine itself. */
export function isOfThisMachine(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(hostname)
}

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}
