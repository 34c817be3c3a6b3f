import { isIP } from 'node:net'
import { remember } from '../remember.js'
import { canonicalAddress } from './pseudonyms.js'

const networks = remember<string | null>(20_000, (address) => {
  const version = isIP(address)
  if (version === 0) return null
  const canonical = canonicalAddress(address)
  if (isIP(canonical) === 4) return `${canonical.slice(0, canonical.lastIndexOf('.'))}.0/24`
  // Canonical IPv6 is cut at its first gap; what is missing of the first three groups is zero.
  const groups = canonical.split('::')[0]?.split(':').slice(0, 3) ?? []
  return `${[0, 1, 2].map((index) => groups[index] || '0').join(':')}::/48`
})

/** The network of an address: /24 of IPv4, /48 of IPv6; undefined for what is no address. */
export function networkOf(address: string): string | undefined {
  return networks(address) ?? undefined
}
