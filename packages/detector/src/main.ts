import { hostname } from 'node:os'
import {
  clickhouseUrlOf,
  connectClickhouse,
  connectNats,
  createLogger,
  natsUrlOf,
  openBlockInserter,
  openMuteStore,
  readIngestLag,
  runCommand,
  runPart,
  UsageError,
  type Logger,
  type RunningPart,
} from '@pulsehouse/platform'
import { openAlertDesk } from './alerts/alert-desk.js'
import { openFindingStore } from './findings/finding-store.js'
import { readTask, type DetectorTask } from './options.js'
import { readRules } from './rules/read-rules.js'
import type { Rules } from './rules/rules.js'
import { openClaim } from './run/claim.js'
import { detect } from './run/detect.js'
import { runBacktest } from './run/run-backtest.js'
import { scoreFolder } from './score/score-folder.js'
import { openExpectationStore } from './watch/expectation-store.js'

type Detecting = Extract<DetectorTask, { task: 'detect' }>

async function start(options: Detecting, rules: Rules, log: Logger): Promise<RunningPart> {
  const url = clickhouseUrlOf(options)
  const clickhouse = connectClickhouse({ url, application: 'pulsehouse-detector' })
  const inserter = openBlockInserter(url)
  const nats = await connectNats({ url: natsUrlOf(options), name: 'pulsehouse-detector', log })
  const mutes = await openMuteStore(nats)
  const { receivers } = rules
  const { secretOf, publicUrl } = options
  const nowMs = (): number => Date.now()
  const desk = await openAlertDesk({
    clickhouse,
    inserter,
    nats,
    receivers,
    secretOf,
    mutes,
    log,
    nowMs,
    publicUrl,
  })
  const stopped = new AbortController()
  const done = detect(
    {
      rules,
      clickhouse,
      findings: openFindingStore(clickhouse, inserter),
      expectations: openExpectationStore(clickhouse, inserter),
      tell: async (changes) => await desk.tell(changes),
      claim: await openClaim(nats, `${hostname()}:${process.pid}`),
      ingestLagSeconds: async () => (await readIngestLag(nats, nowMs())).seconds,
      log,
      nowMs,
    },
    stopped.signal,
  )
  return {
    done,
    stop: [
      {
        name: 'finish the minute',
        run: async () => {
          stopped.abort()
          await done
        },
      },
      { name: 'end deliveries', run: () => desk.close() },
      {
        name: 'close ClickHouse',
        run: async () => {
          inserter.close()
          await clickhouse.close()
        },
      },
      {
        name: 'drain NATS',
        run: async () => {
          mutes.close()
          await nats.close()
        },
      },
    ],
  }
}

/** @throws {UsageError} where a receiver's secret is not set: told before anything runs. */
function checkSecrets({ receivers }: Rules, { secretOf }: Detecting): void {
  for (const receiver of receivers) {
    const name = receiver.type === 'webhook' ? receiver.secret_env : undefined
    if (name !== undefined && (secretOf(name) ?? '') === '')
      throw new UsageError(
        `The rules file signs what ${receiver.name} gets with ${name}, which is not set: set it, or leave secret_env out.`,
      )
  }
}

// Options and rules are read before anything runs: what was written wrongly is a sentence for a person, not a line of the log.
await runCommand(async () => {
  const task = readTask(process.argv.slice(2), process.env)
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  if (task.task === 'score') await scoreFolder(task, say)
  else if (task.task === 'backtest') await runBacktest(task, readRules(task.rules), say)
  else {
    const rules = readRules(task.rules)
    checkSecrets(rules, task)
    const log = createLogger('detector')
    await runPart(log, () => start(task, rules, log))
  }
  return 0
})
