import { join } from 'node:path'
import { serverEnvironment } from '@pulsehouse/embedded-clickhouse'
import { dataFolder, loadKeys } from '@pulsehouse/platform'
import { freePort } from '../../free-port.js'
import { findNatsServer } from '../../nats/find-nats-server.js'
import { queueKeyValue, queueKeyVariable, writeNatsConfig } from '../../nats/nats-config.js'
import { answersAsNats } from '../../start/probe-nats.js'
import { PartProcess } from './part-process.js'

const root = join(import.meta.dirname, '../../../..')

/** Bytes of the queue: small enough to fill while ClickHouse is away, so that producers have to wait as well. */
const queueBytes = 256 * 1024 * 1024
/** What is stored stays in the queue for so long, in seconds: short, so that clearing it goes on all the time. */
const replayWindowSeconds = 30

/** The processes of a pipeline under test. */
export interface PipelineParts {
  nats: PartProcess
  clickhouse: PartProcess
  /** The first works, the second stands by, or the other way round. */
  ingesters: readonly PartProcess[]
  generator: PartProcess
  natsUrl: string
  clickhouseUrl: string
  queueBytes: number
}

/** Puts a pipeline together, with ports of its own, as `npm start` does it; nothing runs yet. */
export async function createPipelineParts(options: {
  dataDir: string
  /** Events a second of the generator. */
  rate: number
  ingesters: number
  seed: number
  /** Of the processes; nothing of ours that names another stack. */
  env: NodeJS.ProcessEnv
  report: (line: string) => void
}): Promise<PipelineParts> {
  const { dataDir, rate, seed, env, report } = options
  const folder = dataFolder(dataDir)
  const keys = loadKeys(dataDir, {})
  const [natsPort, clickhousePort] = [await freePort(), await freePort()]
  const natsUrl = `nats://127.0.0.1:${natsPort}`
  const clickhouseUrl = `http://127.0.0.1:${clickhousePort}`
  const server = await findNatsServer(report)
  const natsConfig = join(folder.run, 'nats-server.conf')
  writeNatsConfig(natsConfig, {
    port: natsPort,
    storeFolder: folder.nats,
    queueBytes,
    version: server.version,
  })
  const node = (name: string, module: string, args: readonly string[], more = {}): PartProcess =>
    new PartProcess({
      name,
      file: process.execPath,
      args: ['--enable-source-maps', join(root, module), ...args],
      env: { ...env, ...more },
      logPath: join(folder.logs, `${name}.log`),
      ready: 'message',
    })
  const both = ['--data-dir', dataDir, '--nats-url', natsUrl, '--clickhouse-url', clickhouseUrl]
  const queue = ['--queue-bytes', String(queueBytes)]
  const ingesterArgs = [...both, ...queue, '--replay-window', String(replayWindowSeconds)]
  return {
    natsUrl,
    clickhouseUrl,
    queueBytes,
    nats: new PartProcess({
      name: 'nats',
      file: server.path,
      args: ['--config', natsConfig],
      env: { ...env, [queueKeyVariable]: queueKeyValue(keys.queueKey) },
      logPath: join(folder.logs, 'nats.log'),
      ready: async () => await answersAsNats(natsPort),
    }),
    clickhouse: node(
      'clickhouse',
      'packages/embedded-clickhouse/dist/main.js',
      ['--data', folder.clickhouse, '--port', String(clickhousePort)],
      serverEnvironment(folder.clickhouse),
    ),
    ingesters: Array.from({ length: options.ingesters }, (_, index) =>
      node(`ingester-${index + 1}`, 'packages/ingester/dist/main.js', ingesterArgs),
    ),
    generator: node('generator', 'packages/generator/dist/main.js', [
      ...both,
      ...queue,
      '--rate',
      String(rate),
      '--steady',
      '--seed',
      String(seed),
    ]),
  }
}
