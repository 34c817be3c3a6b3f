import type { Logger } from '@pulsehouse/platform'
import type { Notice } from './delivery/delivery-effect.js'

/** Writes a notice of the delivery to the log. */
export function tell(log: Logger, notice: Notice): void {
  switch (notice.kind) {
    case 'standingBy':
      return log.info({ owner: notice.owner }, 'another ingester is at work: standing by')
    case 'takingOver':
      return log.warn({ owner: notice.owner }, 'the other ingester is silent: taking over')
    case 'fenced':
      return log.warn({ owner: notice.owner }, 'another process has taken the stream over: standing by')
    case 'stateLost':
      return log.warn({ committed: notice.committed }, 'the state is lost: going on where the ledger ends')
    case 'streamMadeAnew':
      return log.warn('the stream was deleted and made anew: beginning at its first chunk')
    case 'replaying':
      return log.info({ pending: notice.pending }, 'an earlier run was cut off: sending its batch again')
    case 'storedBefore':
      return log.info({ pending: notice.pending }, 'the pending batch is stored and cleared already')
    case 'reading':
      return log.info({ start: notice.from }, 'reading the stream')
    case 'insertFailed': {
      const { range, waitMs, why } = notice
      return log.warn({ range, waitMs, why }, 'the insert failed: sending the same batch again')
    }
    case 'restarting':
      return log.warn({ why: notice.why }, 'taking up the stream again')
  }
}
