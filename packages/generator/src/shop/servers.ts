import { piece } from '../lines/byte-writer.js'
import { jsonFragment } from '../lines/fragment.js'

/** The shop's services. */
export type ServiceName = 'web' | 'catalog' | 'search' | 'cart' | 'checkout' | 'auth'

/** A machine that answers for one service. */
export interface Server {
  serverIp: string
  port: number
  protocol: 'HTTP' | 'HTTPS'
  /** Service, host, address, port and protocol as a piece of JSON. */
  fragment: Uint8Array
}

/** Which service runs where. The search is older than the rest and speaks plain HTTP behind the balancer. */
export const servers: Record<ServiceName, readonly Server[]> = {
  web: machines('web', 1, 3, 443, 'HTTPS'),
  catalog: machines('catalog', 2, 3, 8443, 'HTTPS'),
  search: machines('search', 3, 2, 8080, 'HTTP'),
  cart: machines('cart', 4, 2, 8443, 'HTTPS'),
  checkout: machines('checkout', 5, 2, 8443, 'HTTPS'),
  auth: machines('auth', 6, 2, 8443, 'HTTPS'),
}

function machines(
  service: ServiceName,
  subnet: number,
  count: number,
  port: number,
  protocol: 'HTTP' | 'HTTPS',
): Server[] {
  return Array.from({ length: count }, (_, index) => {
    const serverIp = `10.20.${subnet}.${11 + index}`
    const json = jsonFragment({
      service,
      host: `${service}-${index + 1}`,
      server_ip: serverIp,
      port,
      protocol,
    })
    const fragment = piece(`"${json}`)
    return { serverIp, port, protocol, fragment }
  })
}
