const name = 'pulsehouse-key'

/**
 * The key that this tab asks with. `#key=ph_…` in the address brings one: it is kept for as long as the tab is open, and
 * taken out of the address, so that it is in no bookmark and nobody reads it over a shoulder.
 *
 * @returns {string | null}
 */
export function takeKey() {
  const given = new URLSearchParams(location.hash.slice(1)).get('key')
  if (given !== null) {
    history.replaceState(null, '', location.pathname + location.search)
    keepKey(given)
  }
  return sessionStorage.getItem(name)
}

/**
 * Keeps a key for this tab.
 *
 * @param {string} key
 */
export function keepKey(key) {
  sessionStorage.setItem(name, key.trim())
}

/** Forgets the key of this tab. */
export function forgetKey() {
  sessionStorage.removeItem(name)
}
