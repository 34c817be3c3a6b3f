import { numberWithCourse } from '../charts/number.js'
import { barsOverTime, linesOverTime } from '../charts/over-time.js'
import { rankedBars } from '../charts/parts.js'
import { rankedTable } from '../charts/ranked-table.js'
import { charts, numbers, tables, type Dashboard } from '../dashboard.js'
import { findings } from '../datasets/findings.js'
import { incidents } from '../datasets/incidents.js'
import { requests } from '../datasets/requests.js'
import { security as audit } from '../datasets/security.js'
import { grainFilter, selectFilter, timeFilter } from '../filters.js'

/** So many failed logins are no forgotten password any more. */
const failedAlarm = 10

/** Who tries to get in, who looks for holes, and what administrators do. */
export const security: Dashboard = {
  slug: 'security',
  title: 'Security',
  description:
    'Who tries to get in, who looks for holes, and what administrators do. Addresses and users are pseudonyms.',
  filters: [
    timeFilter,
    selectFilter('Address', audit, 'ip_address'),
    selectFilter('User', audit, 'user_id'),
    selectFilter('Service', requests, 'service'),
    selectFilter('Endpoint', requests, 'endpoint'),
    grainFilter(audit),
  ],
  rows: [
    numbers(
      numberWithCourse(audit, {
        title: 'Failed logins',
        question: 'Does somebody try to get in?',
        metric: 'failed_login_count',
        subtitle: 'status 401, 403 or 429',
      }),
      numberWithCourse(audit, {
        title: 'Failed logins, %',
        question: 'Are these forgotten passwords, or an attack?',
        metric: 'failed_login_percent',
        subtitle: '% of all logins',
      }),
      numberWithCourse(audit, {
        title: 'Refused requests',
        question: 'Does somebody want what is not theirs?',
        metric: 'refused_count',
        subtitle: 'status 401 or 403',
      }),
      numberWithCourse(audit, {
        title: 'Addresses that failed',
        question: 'Is it one attacker, or many?',
        metric: 'addresses_failed',
        subtitle: 'different addresses with a failed login',
      }),
    ),
    tables(
      [
        4,
        rankedTable(incidents, {
          title: 'Attacks',
          question: 'Is somebody at it now, and how bad is it?',
          where: 'is_attack',
          by: ['title', 'severity', 'status', 'since', 'until'],
          metrics: ['finding_count'],
          order: 'newest_start',
          rowsMax: 50,
          alarmWords: [{ column: 'severity', word: 'critical' }],
        }),
      ],
      [
        8,
        rankedTable(findings, {
          title: 'Who attacks, and what says so',
          question: 'Who is it, what did they do, and what tells it from customers?',
          where: 'is_attack',
          by: ['who', 'kind_named', 'severity', 'since', 'until', 'summary', 'causes_text'],
          metrics: [],
          order: 'newest_start',
          rowsMax: 50,
          alarmWords: [{ column: 'severity', word: 'critical' }],
        }),
      ],
    ),
    charts(
      [
        6,
        barsOverTime(audit, {
          title: 'Logins over time',
          question: 'Is somebody guessing passwords?',
          metrics: ['login_count', 'failed_login_count'],
        }),
      ],
      [
        6,
        linesOverTime(audit, {
          title: 'Refused requests and missing pages over time',
          question: 'Is somebody looking for holes?',
          metrics: ['refused_count', 'not_found_count'],
        }),
      ],
    ),
    tables(
      [
        6,
        rankedTable(audit, {
          title: 'Addresses with the most failed logins',
          question:
            'Who guesses, and with how many users? Many users from one address are password spraying.',
          where: "logins_failed > 0 AND ip_address != ''",
          by: ['ip_address'],
          metrics: ['failed_login_count', 'users_tried', 'refused_count', 'last_seen'],
          order: 'failed_login_count',
          alarms: [{ metric: 'users_tried', above: 5 }],
        }),
      ],
      [
        6,
        rankedTable(audit, {
          title: 'Users with the most failed logins',
          question: 'Whose account is attacked, and did it give way?',
          where: "user_id != '' AND (logins_failed > 0 OR logins_succeeded > 0)",
          by: ['user_id'],
          metrics: [
            'failed_login_count',
            'login_count',
            'failed_login_percent',
            'addresses_failed',
            'last_seen',
          ],
          order: 'failed_login_count',
          alarms: [{ metric: 'failed_login_count', above: failedAlarm }],
        }),
      ],
    ),
    tables(
      [
        6,
        rankedTable(audit, {
          title: 'Addresses that look for missing pages',
          question: 'Who scans? Many different paths that do not exist are a scanner, not a broken link.',
          where: "not_found > 0 AND ip_address != ''",
          by: ['ip_address'],
          metrics: ['different_paths', 'not_found_count', 'last_seen'],
          order: 'different_paths',
          alarms: [{ metric: 'different_paths', above: 50 }],
        }),
      ],
      [
        6,
        rankedBars(requests, {
          title: 'Refused requests by endpoint',
          question: 'What do they want to get at?',
          where: 'status_code IN (401, 403, 429)',
          by: 'endpoint',
          metric: 'refused_count',
          barsMax: 15,
        }),
      ],
    ),
    tables(
      [
        6,
        barsOverTime(audit, {
          title: 'Admin actions over time',
          question: 'When do administrators work?',
          metrics: ['admin_count'],
        }),
      ],
      [
        6,
        rankedTable(audit, {
          title: 'Administrators',
          question: 'Is it us? One account from many addresses may be shared or stolen.',
          where: "admin_actions > 0 AND user_id != ''",
          by: ['user_id'],
          metrics: ['admin_count', 'admin_addresses', 'refused_count', 'last_seen'],
          order: 'admin_count',
        }),
      ],
    ),
    charts(
      [
        6,
        rankedBars(audit, {
          title: 'Failed logins by network',
          question: 'Does it come from one place?',
          where: "logins_failed > 0 AND ip_network != ''",
          by: 'ip_network',
          metric: 'failed_login_count',
          barsMax: 10,
        }),
      ],
      [
        6,
        barsOverTime(requests, {
          title: 'Refused requests by service',
          question: 'Which service is knocked at?',
          metrics: ['refused_count'],
          by: 'service',
        }),
      ],
    ),
  ],
}
