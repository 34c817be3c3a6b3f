import { integer, option, readOptions, privacyOption, stackOptions } from '@pulsehouse/platform'

const command = {
  usage: 'npm run ingest -- [options]',
  summary: 'Reads the log stream and stores it in ClickHouse, every event exactly once.',
  options: {
    ...stackOptions,
    batchRows: option({
      flag: 'batch-rows',
      value: 'N',
      help: 'Rows after which a batch is inserted (default 50000)',
      schema: integer(1, 1_000_000, 50_000),
    }),
    batchBytes: option({
      flag: 'batch-bytes',
      value: 'N',
      help: 'Bytes of chunks after which a batch is inserted (default 67108864)',
      schema: integer(1, 256 * 1024 * 1024, 64 * 1024 * 1024),
    }),
    batchAgeMs: option({
      flag: 'batch-age-ms',
      value: 'N',
      help: 'Milliseconds after which a batch is inserted, full or not (default 250)',
      schema: integer(1, 1_000, 250),
    }),
    replayWindowSeconds: option({
      flag: 'replay-window',
      value: 'SECONDS',
      help: 'How long what is stored stays in the queue as well (default 600)',
      schema: integer(0, 86_400, 600),
    }),
    privacy: privacyOption,
  },
}

/** The ingester's settings. @throws UsageError with all violations at once. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv) {
  return readOptions(command, argv, env).values
}
