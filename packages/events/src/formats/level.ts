import type { Level } from '../event.js'

const names = new Map<string, Level>(
  Object.entries({
    trace: 'DEBUG',
    finest: 'DEBUG',
    finer: 'DEBUG',
    fine: 'DEBUG',
    silly: 'DEBUG',
    debug: 'DEBUG',
    verbose: 'DEBUG',
    dbg: 'DEBUG',
    http: 'INFO',
    info: 'INFO',
    information: 'INFO',
    inf: 'INFO',
    notice: 'INFO',
    log: 'INFO',
    warn: 'WARN',
    warning: 'WARN',
    wrn: 'WARN',
    err: 'ERROR',
    error: 'ERROR',
    fatal: 'ERROR',
    crit: 'ERROR',
    critical: 'ERROR',
    alert: 'ERROR',
    emerg: 'ERROR',
    emergency: 'ERROR',
    severe: 'ERROR',
    panic: 'ERROR',
  }),
)

/**
 * Folds a logger's own level to one of the four: by name (winston, syslog) or number (pino and bunyan: 10 to 60;
 * syslog and GELF: 0 to 7, where 0 is the worst), which may be written as text.
 */
export function foldLevel(level: unknown): Level | undefined {
  if (typeof level === 'string') {
    return names.get(level.toLowerCase()) ?? (/^\d{1,3}$/.test(level) ? foldLevel(Number(level)) : undefined)
  }
  if (typeof level !== 'number' || !(level >= 0 && level <= 100)) return undefined
  return level < 8 ? syslog[Math.floor(level)] : ofPinoNumber(level)
}

function ofPinoNumber(level: number): Level {
  if (level < 30) return 'DEBUG'
  if (level < 40) return 'INFO'
  return level < 50 ? 'WARN' : 'ERROR'
}

const syslog: readonly Level[] = ['ERROR', 'ERROR', 'ERROR', 'ERROR', 'WARN', 'INFO', 'INFO', 'DEBUG']
