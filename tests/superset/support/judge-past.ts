import {
  connectClickhouse,
  connectNats,
  createLogger,
  openBlockInserter,
  openMuteStore,
} from '@pulsehouse/platform'
import { openAlertDesk } from '../../../packages/detector/src/alerts/alert-desk.js'
import { openFindingStore } from '../../../packages/detector/src/findings/finding-store.js'
import { readRules } from '../../../packages/detector/src/rules/read-rules.js'
import { detect } from '../../../packages/detector/src/run/detect.js'
import { openExpectationStore } from '../../../packages/detector/src/watch/expectation-store.js'
import { freePort } from '../../../scripts/free-port.js'
import type { StackPlace } from '../../support/stack.js'
import { repeatHour } from './repeat-hour.js'

/** A day that it learns, and an hour for what it takes from the day before. */
const learnedHours = 25

/**
 * Has the detector judge every minute since a time, as if it had been there; a receiver of its alerts can't be reached.
 * It learns from the hour before that time, as if all of the day before had been like it.
 */
export async function judgePast({ ports }: StackPlace, fromMs: number): Promise<void> {
  const url = `http://127.0.0.1:${ports.clickhouse}`
  const log = createLogger('test', 'silent')
  const clickhouse = connectClickhouse({ url, application: 'test' })
  const inserter = openBlockInserter(url)
  const nats = await connectNats({ url: `nats://127.0.0.1:${ports.nats}`, name: 'test', log })
  const mutes = await openMuteStore(nats)
  const shipped = readRules()
  const rules = { ...shipped, learning_days: 1, history_days: learnedHours / 24 }
  const now = Date.now()
  const nowMs = (): number => now
  const lastSeconds = Math.floor((now / 1000 - rules.late_seconds) / 60) * 60 - 60
  await repeatHour(clickhouse, fromMs - 3_600_000, learnedHours - 1)
  const desk = await openAlertDesk({
    clickhouse,
    inserter,
    nats,
    receivers: [...shipped.receivers, await unreachable()],
    secretOf: () => undefined,
    mutes,
    log,
    nowMs,
    pauseMs: () => 500,
  })
  const expectations = openExpectationStore(clickhouse, inserter)
  const stop = new AbortController()
  try {
    await detect(
      {
        rules,
        clickhouse,
        findings: openFindingStore(clickhouse, inserter),
        expectations: {
          judgedUntil: () => Promise.resolve(fromMs / 1000 - 60),
          write: async (seconds, judgements) => {
            await expectations.write(seconds, judgements)
            if (seconds === lastSeconds) stop.abort()
          },
        },
        tell: async (changes) => await desk.tell(changes),
        // The stack's own detector goes on with the minutes after these.
        claim: () => Promise.resolve(),
        ingestLagSeconds: () => Promise.resolve(0),
        log,
        nowMs,
      },
      stop.signal,
    )
  } finally {
    await desk.close()
    mutes.close()
    await nats.close()
    inserter.close()
    await clickhouse.close()
  }
}

/** A receiver that nobody listens at. */
async function unreachable() {
  return {
    type: 'webhook',
    name: 'on-call',
    url: `http://127.0.0.1:${await freePort()}/`,
    form: 'json',
    min_severity: 'warning',
    give_up_hours: 1,
    timeout_seconds: 1,
  } as const
}
