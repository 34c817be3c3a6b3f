import { numberAlone, numberWithCourse } from '../charts/number.js'
import { barsOverTime, linesOverTime } from '../charts/over-time.js'
import { heatmap, ring } from '../charts/parts.js'
import { rankedTable } from '../charts/ranked-table.js'
import { charts, longTables, numbers, tables, type Dashboard } from '../dashboard.js'
import { errorExpectation } from '../datasets/error-expectation.js'
import { events } from '../datasets/events.js'
import { requests } from '../datasets/requests.js'
import { grainFilter, selectFilter, timeFilter } from '../filters.js'

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
      numberAlone(errorExpectation, {
        title: 'Unusual five minutes',
        question: 'Did a service fail more than its own history lets expect?',
        metric: 'unusual_slots',
        subtitle: 'with errors beyond mean + 3σ of a service',
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
    charts(
      [
        8,
        linesOverTime(errorExpectation, {
          title: 'Errors, beside what is expected',
          question: 'Is it abnormal, or as it always is?',
          metrics: ['slot_error_count', 'expected_count', 'most_expected_count'],
        }),
      ],
      [
        4,
        rankedTable(errorExpectation, {
          title: 'Furthest above expected',
          question: 'Which service broke out, and when?',
          by: ['when', 'service'],
          metrics: ['slot_error_count', 'expected_count', 'deviation'],
          order: 'deviation',
          rowsMax: 20,
          alarms: [{ metric: 'deviation', above: 3 }],
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
