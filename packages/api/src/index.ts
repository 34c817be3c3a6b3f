export { createApp } from './app.js'
export type { Api, ApiParts } from './api.js'
export { createCursors, type Cursors } from './parameters/cursor.js'
export { listen, type ApiServer } from './server.js'
