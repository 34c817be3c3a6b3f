export { startClickhouse, type StartedClickhouse, type StartOptions } from './start.js'
