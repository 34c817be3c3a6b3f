export { serverEnvironment } from './process/child.js'
export { startClickhouse, type StartedClickhouse, type StartOptions } from './process/start.js'
