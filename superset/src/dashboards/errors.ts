import { expectedBand } from '../charts/expected-band.js'
import { numberAlone, numberWithCourse } from '../charts/number.js'
import { barsOverTime, linesOverTime } from '../charts/over-time.js'
import { heatmap, ring } from '../charts/parts.js'
import { rankedTable } from '../charts/ranked-table.js'
import { charts, longTables, numbers, tables, type Dashboard } from '../dashboard.js'
import { events } from '../datasets/events.js'
import { findings } from '../datasets/findings.js'
import { incidents } from '../datasets/incidents.js'
import { requests } from '../datasets/requests.js'
import { grainFilter, selectFilter, timeFilter } from '../filters.js'

/** A number of incidents that are not over. */
const openIncidents = (severity: string, title: string, question: string) =>
  numberAlone(incidents, {
    title,
    question,
    now: true,
    where: `severity = '${severity}'`,
    metric: 'open_count',
    subtitle: 'not over yet, whatever the range',
  })

/** What fails, since when, and whether that is unusual. */
export const errors: Dashboard = {
  slug: 'errors',
  title: 'Errors and anomalies',
  description: 'What fails, since when, and whether that is more than usual.',
  filters: [
    timeFilter,
    selectFilter('Service', requests, 'service'),
    selectFilter('Endpoint', requests, 'endpoint'),
    grainFilter(requests),
  ],
  rows: [
    numbers(
      openIncidents('critical', 'Open critical incidents', 'Does something have to be done at once?'),
      openIncidents('warning', 'Open warnings', 'Does something have to be done today?'),
      openIncidents('info', 'Open notices', 'Is there more that is not as usual?'),
    ),
    tables(
      [
        8,
        rankedTable(incidents, {
          title: 'Incidents',
          question: 'What is wrong, how bad, since when, and is it over?',
          by: ['title', 'severity', 'status', 'since', 'until', 'services_named'],
          metrics: ['finding_count'],
          order: 'newest_start',
          rowsMax: 50,
          alarmWords: [{ column: 'severity', word: 'critical' }],
        }),
      ],
      [
        4,
        barsOverTime(findings, {
          title: 'Findings by kind over time',
          question: 'What went on at the same time?',
          metrics: ['finding_count'],
          by: 'kind_named',
        }),
      ],
    ),
    charts(
      [
        6,
        expectedBand({
          metric: 'events',
          title: 'Events a minute, beside what is expected',
          question: 'Has traffic dropped, or come in a rush?',
        }),
      ],
      [
        6,
        expectedBand({
          metric: 'server_error_ratio',
          title: 'Server errors, % of events, beside what is expected',
          question: 'Does it fail more than it always does?',
        }),
      ],
    ),
    charts(
      [
        6,
        expectedBand({
          metric: 'response_time_p50',
          title: 'Response time p50, ms, beside what is expected',
          question: 'Is it slower than at this time on other days?',
        }),
      ],
      [
        6,
        expectedBand({
          metric: 'response_time_p95',
          title: 'Response time p95, ms, beside what is expected',
          question: 'Do those who wait longest wait longer than on other days?',
        }),
      ],
    ),
    longTables([
      12,
      rankedTable(findings, {
        title: 'Findings, explained',
        question: 'What happened, where, how bad, and what explains it?',
        by: [
          'since',
          'until',
          'severity',
          'title',
          'summary',
          'observed_text',
          'expected_text',
          'baseline',
          'causes_text',
          'examples_text',
        ],
        metrics: [],
        order: 'newest_start',
        rowsMax: 50,
        alarmWords: [{ column: 'severity', word: 'critical' }],
      }),
    ]),
    numbers(
      numberWithCourse(requests, {
        title: 'Errors',
        question: 'How much fails?',
        metric: 'error_count',
        subtitle: 'events of level ERROR',
      }),
      numberWithCourse(requests, {
        title: 'Errors, % of requests',
        question: 'Which share fails?',
        metric: 'error_percent',
        subtitle: '% of all requests',
      }),
      numberWithCourse(requests, {
        title: 'Server errors',
        question: 'How often is it our own fault?',
        metric: 'server_error_count',
        subtitle: 'requests with a status from 500 on',
      }),
    ),
    charts(
      [
        8,
        barsOverTime(requests, {
          title: 'Errors by service',
          question: 'When did it start, and where?',
          metrics: ['error_count'],
          by: 'service',
        }),
      ],
      [
        4,
        ring(requests, {
          title: 'Errors by status',
          question: 'Which kind of error is it?',
          where: 'errors > 0',
          by: 'status_code',
          metric: 'error_count',
        }),
      ],
    ),
    longTables(
      [
        6,
        heatmap(requests, {
          title: 'Errors by endpoint and time',
          question: 'Is it everywhere, or one endpoint?',
          across: 'quarter_hour',
          by: 'endpoint',
          metric: 'error_count',
        }),
      ],
      [
        6,
        rankedTable(requests, {
          title: 'Failing endpoints',
          question: 'Which endpoint should be mended first?',
          by: ['endpoint', 'service'],
          metrics: ['error_count', 'error_percent', 'server_error_count', 'requests'],
          order: 'error_count',
          rowsMax: 30,
          alarms: [{ metric: 'error_percent', above: 5 }],
        }),
      ],
    ),
    tables(
      [
        8,
        rankedTable(events, {
          title: 'What the errors say',
          question: 'What is the cause?',
          where: "level = 'ERROR'",
          by: ['what', 'service', 'status_code'],
          metrics: ['event_count', 'different_users', 'newest'],
          order: 'event_count',
          rowsMax: 25,
        }),
      ],
      [
        4,
        rankedTable(requests, {
          title: 'Actions, unusual ones first',
          question: 'Does somebody do what the shop does not know?',
          by: ['action'],
          metrics: ['unusual_count', 'requests', 'different_users'],
          order: 'unusual_count',
        }),
      ],
    ),
    charts(
      [
        6,
        linesOverTime(requests, {
          title: 'Longest response, ms',
          question: 'Are there answers that take very long?',
          metrics: ['longest_ms'],
        }),
      ],
      [
        6,
        barsOverTime(requests, {
          title: 'Requests that did not succeed, by status class',
          question: 'Do clients fail (4xx), or we (5xx)?',
          where: 'status_code >= 400',
          metrics: ['requests'],
          by: 'status_class',
        }),
      ],
    ),
  ],
}
