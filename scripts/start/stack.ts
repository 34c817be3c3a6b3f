import { join } from 'node:path'
import { clickhouseReadUrlOf, clickhouseUrlOf, dataFolder, natsUrlOf, type Keys } from '@pulsehouse/platform'
import { serverEnvironment } from '@pulsehouse/embedded-clickhouse'
import { ingesterEnvironment } from '../ingester-environment.js'
import { findNatsServer } from '../nats/find-nats-server.js'
import { queueKeyValue, queueKeyVariable, writeNatsConfig } from '../nats/nats-config.js'
import type { StartConfig } from './config.js'
import { Part, type PartDescription } from './part.js'
import { answersAsNats } from './probe-nats.js'
import { isExpected, lookForSuperset, type SupersetOutlook } from './superset-outlook.js'

const root = join(import.meta.dirname, '../../..')

/** Stop times in milliseconds; together they stay within the ten seconds that a stop may take. */
const stopTimeoutMs = {
  generator: 1_500,
  api: 1_500,
  ingester: 3_000,
  // It loses nothing when it is ended in the middle of a minute.
  detector: 500,
  clickhouse: 2_500,
  nats: 1_000,
  // Beside the others: nothing stands on it.
  superset: 5_000,
} as const
const startTimeoutMs = 60_000
/** The first time it is installed, which takes as long as 200 MB take to come. */
const supersetStartTimeoutMs = 900_000

/** The stack's processes, in the order in which they are started; they are stopped the other way round. */
export interface Stack {
  /** What the rest stands on. */
  servers: Part[]
  /** What needs the schema. */
  apps: Part[]
  /** Starts in the background, and the rest runs without it. */
  superset: Part | undefined
  supersetOutlook: SupersetOutlook
}

/** Puts the stack together; nothing runs yet. */
export async function createStack(
  config: StartConfig,
  keys: Keys,
  echo: ((line: string) => void) | undefined,
  say: (line: string) => void,
): Promise<Stack> {
  const folder = dataFolder(config.dataDir)
  const part = (name: string, file: string, args: string[], rest: Partial<PartDescription>): Part =>
    new Part({
      name,
      file,
      args,
      env: config.env,
      logPath: join(folder.logs, `${name}.log`),
      pidPath: join(folder.run, `${name}.pid`),
      ready: 'message',
      startTimeoutMs,
      stopTimeoutMs: 1_000,
      echo,
      ...rest,
    })
  const node = (name: keyof typeof stopTimeoutMs, module: string, args: string[], env = {}): Part =>
    part(name, process.execPath, ['--enable-source-maps', join(root, module), ...args], {
      stopTimeoutMs: stopTimeoutMs[name],
      env: { ...config.env, ...env },
    })

  const servers: Part[] = []
  if (config.natsUrl === undefined) {
    const server = await findNatsServer(say)
    const configPath = join(folder.run, 'nats-server.conf')
    const { natsPort: port, queueBytes } = config
    writeNatsConfig(configPath, { port, storeFolder: folder.nats, queueBytes, version: server.version })
    servers.push(
      part('nats', server.path, ['--config', configPath], {
        env: { ...config.env, [queueKeyVariable]: queueKeyValue(keys.queueKey) },
        ready: () => answersAsNats(port),
        stopTimeoutMs: stopTimeoutMs.nats,
      }),
    )
  }
  if (config.clickhouseUrl === undefined) {
    // The parts know no passwords of it; those in the environment are for a ClickHouse that is started by itself.
    const passwords = ['--password=', '--viewer-password=']
    // What else somebody keeps there is not for everybody who may look at the dashboards.
    const own = ['--viewer-databases', 'pulsehouse', ...passwords]
    const args = ['--data', folder.clickhouse, '--port', String(config.clickhousePort), ...own]
    servers.push(
      node(
        'clickhouse',
        'packages/embedded-clickhouse/dist/main.js',
        args,
        serverEnvironment(folder.clickhouse),
      ),
    )
  }
  const supersetOutlook = await lookForSuperset(config)
  const addresses = ['--data-dir', config.dataDir, '--nats-url', natsUrlOf(config)]
  const both = [...addresses, '--clickhouse-url', clickhouseUrlOf(config)]
  const apps = [
    node(
      'ingester',
      'packages/ingester/dist/main.js',
      [...both, '--privacy', config.privacy, '--queue-bytes', String(config.queueBytes)],
      ingesterEnvironment(config.env),
    ),
    node('detector', 'packages/detector/dist/main.js', [
      ...both,
      '--public-url',
      `http://127.0.0.1:${config.apiPort}`,
      ...(config.rules === undefined ? [] : ['--rules', config.rules]),
    ]),
    node('api', 'packages/api/dist/main.js', [
      ...both,
      '--privacy',
      config.privacy,
      '--api-port',
      String(config.apiPort),
      '--clickhouse-read-url',
      clickhouseReadUrlOf(config),
      ...(isExpected(supersetOutlook) ? ['--superset-url', supersetUrlOf(config)] : []),
    ]),
  ]
  if (!config.noGenerator) {
    const scenario = config.scenario === undefined ? [] : ['--scenario', config.scenario]
    apps.push(
      node('generator', 'packages/generator/dist/main.js', [
        ...both,
        ...scenario,
        '--rate',
        String(config.rate),
      ]),
    )
  }
  const superset = config.noSuperset
    ? undefined
    : part(
        'superset',
        process.execPath,
        [join(root, 'scripts/dist/superset.js'), ...supersetArguments(config)],
        {
          startTimeoutMs: supersetStartTimeoutMs,
          stopTimeoutMs: stopTimeoutMs.superset,
        },
      )
  return { servers, apps, superset, supersetOutlook }
}

/** Where Superset is served. */
export function supersetUrlOf({ supersetPort }: Pick<StartConfig, 'supersetPort'>): string {
  return `http://127.0.0.1:${supersetPort}/dashboard/list/`
}

/** Which ClickHouse it reads is what we were told, no more: it refuses one whose reading user nobody has named. */
function supersetArguments(config: StartConfig): string[] {
  const given = [
    ['--clickhouse-url', config.clickhouseUrl],
    ['--clickhouse-read-url', config.clickhouseReadUrl],
    ['--python', config.python],
  ] as const
  return [
    '--data-dir',
    config.dataDir,
    '--superset-port',
    String(config.supersetPort),
    '--clickhouse-port',
    String(config.clickhousePort),
    ...given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
  ]
}
