import { keepKey, takeKey } from './key.js'

const dark = matchMedia('(prefers-color-scheme: dark)')
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', follow)
follow()

// Before Swagger UI starts: it reads the hash of the address as the operation to open.
const key = takeKey()

/** @type {any} The bundle's script puts it there; it has no types. */
const { SwaggerUIBundle } = window
const ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  // A key that was typed in is kept as the start page keeps it: in this tab, and not on the disk.
  requestInterceptor: (/** @type {{ headers: Record<string, string> }} */ request) => {
    const given = /^Bearer (ph_.+)$/.exec(request.headers['Authorization'] ?? '')?.[1]
    if (given !== undefined) keepKey(given)
    return request
  },
  onComplete: () => {
    if (key !== null) ui.preauthorizeApiKey('key', key)
  },
})
