import { numberAlone, numberWithCourse } from '../charts/number.js'
import { barsOverTime, linesOverTime } from '../charts/over-time.js'
import { rankedBars } from '../charts/parts.js'
import { rankedTable } from '../charts/ranked-table.js'
import { twoScales } from '../charts/two-scales.js'
import { charts, numbers, tables, type Dashboard } from '../dashboard.js'
import { accounting } from '../datasets/accounting.js'
import { batches } from '../datasets/batches.js'
import { rejects } from '../datasets/rejects.js'
import { services } from '../datasets/services.js'
import { storage } from '../datasets/storage.js'
import { undeliveredAlerts } from '../datasets/undelivered-alerts.js'
import { grainFilter, selectFilter, timeFilter } from '../filters.js'

/** Whether everything arrives, how late, and whether it adds up. */
export const pipeline: Dashboard = {
  slug: 'pipeline',
  title: 'Pipeline health',
  description: 'Whether everything arrives, how late, and whether it adds up.',
  filters: [timeFilter, selectFilter('Service', services, 'service'), grainFilter(batches)],
  rows: [
    numbers(
      numberWithCourse(batches, {
        title: 'Events stored per second',
        question: 'Does it flow?',
        metric: 'stored_per_s',
        subtitle: 'mean of the range',
      }),
      numberAlone(batches, {
        title: 'Newest event',
        question: 'Is what we see of now?',
        now: true,
        metric: 'newest_age_s',
        subtitle: 'seconds ago, whatever the range',
      }),
      numberWithCourse(batches, {
        title: 'Rejected events',
        question: 'Does somebody send what is no event?',
        metric: 'rejected_count',
        subtitle: 'kept, with the reason',
      }),
      numberAlone(accounting, {
        title: 'Unaccounted events',
        question: 'Do the rollups have every event once?',
        metric: 'difference',
        subtitle: 'in rollups, last 24 hours: must be 0',
      }),
    ),
    charts(
      [
        6,
        barsOverTime(services, {
          title: 'Events by service over time',
          question: 'Has one fallen silent?',
          metrics: ['requests'],
          by: 'service',
        }),
      ],
      [
        6,
        linesOverTime(batches, {
          title: 'Delay from the queue to the table, s',
          question: 'How late is what we see?',
          metrics: ['delay_mean_s', 'delay_longest_s'],
        }),
      ],
    ),
    charts(
      [
        6,
        barsOverTime(batches, {
          title: 'Rejected events over time',
          question: 'Since when is something sent that is no event?',
          metrics: ['rejected_count'],
        }),
      ],
      [
        6,
        rankedTable(rejects, {
          title: 'Rejected events by reason',
          question: 'What has to be mended at whoever sends it?',
          by: ['reason'],
          metrics: ['rejected_count', 'newest_rejected', 'newest_detail'],
          order: 'rejected_count',
        }),
      ],
    ),
    tables(
      [
        8,
        rankedTable(accounting, {
          title: 'Events of each hour, in logs and in the rollups',
          question: 'Does it add up?',
          by: ['clock_hour'],
          metrics: [
            'log_rows',
            'stats_events',
            'services_events',
            'totals_events',
            'facets_events',
            'difference',
          ],
          order: 'newest_hour',
          rowsMax: 24,
          alarms: [{ metric: 'difference', above: 0 }],
        }),
      ],
      [
        4,
        rankedTable(services, {
          title: 'Newest minute of each service',
          question: 'Who has fallen silent?',
          now: true,
          by: ['service'],
          metrics: ['newest_minute', 'newest_age_s', 'last_hour_count'],
          order: 'newest_age_s',
          rowsMax: 20,
          alarms: [{ metric: 'newest_age_s', above: 180 }],
        }),
      ],
    ),
    charts(
      [
        8,
        rankedTable(undeliveredAlerts, {
          title: 'Alerts not delivered',
          question: 'Who has not been told of what, and why?',
          by: ['told', 'receiver', 'severity', 'created_text', 'state_named', 'last_error'],
          metrics: ['attempt_count'],
          order: 'attempt_count',
          rowsMax: 30,
        }),
      ],
      [
        4,
        twoScales(batches, {
          title: 'Batches, and their lines',
          question: 'Are batches large enough to be cheap?',
          bars: 'batch_count',
          line: 'lines_per_batch',
        }),
      ],
    ),
    tables(
      [
        6,
        rankedBars(storage, {
          title: 'Bytes on disk by table',
          question: 'What fills the disk?',
          by: 'table_name',
          metric: 'stored_bytes',
          barsMax: 15,
        }),
      ],
      [
        6,
        rankedTable(storage, {
          title: 'Tables',
          question: 'How large are they, and are they merged?',
          by: ['table_name'],
          metrics: ['stored_rows', 'stored_bytes', 'row_bytes', 'part_count'],
          order: 'stored_bytes',
          rowsMax: 30,
          alarms: [{ metric: 'part_count', above: 300 }],
        }),
      ],
    ),
  ],
}
