import { numberWithCourse } from '../charts/number.js'
import { areasOverTime, barsOverTime, linesOverTime } from '../charts/over-time.js'
import { heatmap, rankedBars } from '../charts/parts.js'
import { rankedTable } from '../charts/ranked-table.js'
import { charts, longTables, numbers, tables, type Dashboard } from '../dashboard.js'
import { facets } from '../datasets/facets.js'
import { endpoints } from '../datasets/endpoints.js'
import { grainFilter, selectFilter, timeFilter } from '../filters.js'

/** What p95 should stay below, milliseconds: the dashed line. */
const p95GoalMs = 500

/** How busy, how quick, and where the time goes. */
export const performance: Dashboard = {
  slug: 'performance',
  title: 'Performance',
  description: 'How busy the shop is, how quick its answers are, and where the time goes.',
  filters: [
    timeFilter,
    selectFilter('Service', endpoints, 'service'),
    selectFilter('Endpoint', endpoints, 'endpoint'),
    grainFilter(endpoints),
  ],
  rows: [
    numbers(
      numberWithCourse(endpoints, {
        title: 'Requests per second',
        question: 'How busy is it?',
        metric: 'requests_per_s',
        subtitle: 'mean of the range',
      }),
      numberWithCourse(endpoints, {
        title: 'Errors, %',
        question: 'Does it fail?',
        metric: 'error_percent',
        subtitle: '% of all requests',
      }),
      numberWithCourse(endpoints, {
        title: 'Response time p50',
        question: 'How quick is a usual answer?',
        metric: 'p50_ms',
        subtitle: 'ms: half of all answers are quicker',
      }),
      numberWithCourse(endpoints, {
        title: 'Response time p95',
        question: 'How long do those wait who wait longest?',
        metric: 'p95_ms',
        subtitle: 'ms: one answer of 20 is slower',
      }),
    ),
    charts(
      [
        4,
        barsOverTime(endpoints, {
          title: 'Requests per second, by service',
          question: 'Who drives the traffic?',
          metrics: ['requests_per_s'],
          by: 'service',
        }),
      ],
      [
        4,
        linesOverTime(endpoints, {
          title: 'Response time, ms',
          question: 'Is everybody slow, or only the tail?',
          metrics: ['p50_ms', 'p95_ms', 'p99_ms'],
          limit: { name: `Goal of p95: ${p95GoalMs} ms`, value: p95GoalMs },
          logarithmic: true,
        }),
      ],
      [
        4,
        linesOverTime(endpoints, {
          title: 'Errors by service, % of its requests',
          question: 'Which service fails?',
          metrics: ['error_percent'],
          by: 'service',
        }),
      ],
    ),
    charts(
      [
        4,
        areasOverTime(endpoints, {
          title: 'Parts of the response time, mean ms',
          question: 'Which part grew: the database, the server or the network?',
          metrics: ['db_ms', 'server_ms', 'network_ms'],
        }),
      ],
      [
        4,
        linesOverTime(endpoints, {
          title: 'Response time p95 by service, ms',
          question: 'Where is it slow?',
          metrics: ['p95_ms'],
          by: 'service',
        }),
      ],
      [
        4,
        barsOverTime(facets, {
          title: 'Requests per second, by server',
          question: 'Is the load spread evenly?',
          where: "facet = 'server'",
          metrics: ['requests_per_s'],
          by: 'server',
        }),
      ],
    ),
    tables(
      [
        7,
        rankedTable(endpoints, {
          title: 'Slowest endpoints',
          question: 'Which endpoint should be made quicker first?',
          by: ['endpoint', 'service'],
          metrics: ['requests', 'p50_ms', 'p95_ms', 'p99_ms', 'error_percent', 'total_s'],
          order: 'p95_ms',
          rowsMax: 30,
          alarms: [
            { metric: 'p95_ms', above: p95GoalMs },
            { metric: 'error_percent', above: 5 },
          ],
        }),
      ],
      [
        5,
        rankedBars(endpoints, {
          title: 'Time spent by endpoint, s',
          question: 'Where does most of the time go?',
          by: 'endpoint',
          metric: 'total_s',
        }),
      ],
    ),
    longTables(
      [
        6,
        heatmap(endpoints, {
          title: 'Response time p95 by endpoint and time, ms',
          question: 'Since when is which endpoint slow?',
          by: 'endpoint',
          metric: 'p95_ms',
          across: 'quarter_hour',
        }),
      ],
      [
        6,
        rankedTable(facets, {
          title: 'Servers',
          question: 'Which server is slow or fails?',
          where: "facet = 'server'",
          by: ['server', 'service'],
          metrics: ['requests', 'p50_ms', 'p95_ms', 'longest_ms', 'error_percent'],
          order: 'p95_ms',
          rowsMax: 30,
          alarms: [{ metric: 'error_percent', above: 5 }],
        }),
      ],
    ),
  ],
}
