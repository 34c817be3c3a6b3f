import { randomUUID } from 'node:crypto'
import { NativeBlock, type BlockInserter, type Clickhouse, type Column } from '@pulsehouse/platform'
import type { Judgement } from './watched-series.js'

/** What was expected, in ClickHouse; its newest minute is how far the detector has come. */
export interface ExpectationStore {
  /** The last judged minute, seconds since 1970; undefined where none was. @throws when the query fails. */
  judgedUntil(): Promise<number | undefined>
  /** Writes a judged minute, all or nothing; a minute that is written again replaces that of before. @throws InsertError */
  write(seconds: number, judgements: readonly Judgement[]): Promise<void>
}

interface Row {
  seconds: number
  judgement: Judgement
}

const columns: readonly Column<Row>[] = [
  { name: 'metric', type: 'String', value: ({ judgement }) => judgement.sample.metric },
  { name: 'service', type: 'String', value: ({ judgement }) => judgement.sample.service },
  { name: 'minute', type: 'DateTime', value: ({ seconds }) => seconds },
  { name: 'observed', type: 'Nullable(Float32)', value: ({ judgement }) => judgement.observed },
  { name: 'expected', type: 'Nullable(Float32)', value: ({ judgement }) => judgement.expected },
  { name: 'expected_low', type: 'Nullable(Float32)', value: ({ judgement }) => judgement.low },
  { name: 'expected_high', type: 'Nullable(Float32)', value: ({ judgement }) => judgement.high },
  { name: 'score', type: 'Nullable(Float32)', value: ({ judgement }) => judgement.score },
]

/** Opens the expectations. Nothing is sent before they are asked for. */
export function openExpectationStore(clickhouse: Clickhouse, inserter: BlockInserter): ExpectationStore {
  return {
    judgedUntil: async () => {
      const [row] = await clickhouse.query<{ seconds: number }>(
        'SELECT toUnixTimestamp(max(minute)) AS seconds FROM expectations',
      )
      return row === undefined || row.seconds === 0 ? undefined : row.seconds
    },
    write: async (seconds, judgements) => {
      const block = new NativeBlock(columns)
      for (const judgement of judgements)
        if (judgement.sample.endpoint === '') block.add({ seconds, judgement })
      await inserter.insert('expectations', block, randomUUID())
    },
  }
}
