export { serverEnvironment } from './child.js'
export { startClickhouse, type StartedClickhouse, type StartOptions } from './start.js'
