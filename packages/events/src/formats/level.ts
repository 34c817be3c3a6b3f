import type { Level } from '../event.js'

const names = new Map<string, Level>(
  Object.entries({
    trace: 'DEBUG',
    silly: 'DEBUG',
    debug: 'DEBUG',
    verbose: 'DEBUG',
    http: 'INFO',
    info: 'INFO',
    information: 'INFO',
    notice: 'INFO',
    warn: 'WARN',
    warning: 'WARN',
    err: 'ERROR',
    error: 'ERROR',
    fatal: 'ERROR',
    crit: 'ERROR',
    critical: 'ERROR',
    alert: 'ERROR',
    emerg: 'ERROR',
    emergency: 'ERROR',
  }),
)

/** Folds a logger's own level, by name (winston, syslog) or number (pino: 10 to 60), to one of the four. */
export function foldLevel(level: unknown): Level | undefined {
  if (typeof level === 'string') return names.get(level.toLowerCase())
  if (typeof level !== 'number' || level < 0 || level > 100) return undefined
  if (level < 30) return 'DEBUG'
  if (level < 40) return 'INFO'
  return level < 50 ? 'WARN' : 'ERROR'
}
