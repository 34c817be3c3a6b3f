import { numberAlone, numberWithCourse } from '../charts/number.js'
import { linesOverTime, sharesOverTime } from '../charts/over-time.js'
import { flow, orderedBars, rankedBars, ring } from '../charts/parts.js'
import { rankedTable } from '../charts/ranked-table.js'
import { charts, numbers, tables, type Dashboard } from '../dashboard.js'
import { facets } from '../datasets/facets.js'
import { requests } from '../datasets/requests.js'
import { totals } from '../datasets/totals.js'
import { visits } from '../datasets/visits.js'
import { grainFilter, selectFilter, timeFilter } from '../filters.js'

/** Who comes, what they look at, where they leave. */
export const behaviour: Dashboard = {
  slug: 'behaviour',
  title: 'User behaviour',
  description: 'Who comes, what they look at, and where they leave. Sessions are told by whole hours.',
  filters: [
    timeFilter,
    // Their values are listed in a thousandth of the time that all sessions take.
    selectFilter('Device', facets, 'device', "facet = 'device'"),
    selectFilter('Browser', facets, 'browser', "facet = 'browser'"),
    selectFilter('Referrer', facets, 'referrer', "facet = 'referrer'"),
    selectFilter('Service', requests, 'service'),
    selectFilter('Endpoint', requests, 'endpoint'),
    grainFilter(totals),
  ],
  rows: [
    numbers(
      numberWithCourse(totals, {
        title: 'Active users',
        question: 'How many people are here?',
        metric: 'different_users',
        subtitle: 'different users with an event',
      }),
      numberWithCourse(totals, {
        title: 'Sessions',
        question: 'How often do they come?',
        metric: 'different_sessions',
        subtitle: 'different sessions with an event',
      }),
      numberAlone(visits, {
        title: 'Pages per session',
        question: 'Do they look around?',
        metric: 'pages_per_visit',
        subtitle: 'mean of all sessions',
      }),
      numberAlone(visits, {
        title: 'Bounces',
        question: 'How many leave after one page?',
        metric: 'bounce_percent',
        subtitle: '% of sessions with one page',
      }),
    ),
    charts(
      [
        4,
        linesOverTime(totals, {
          title: 'Users and sessions over time',
          question: 'Is it growing, and when are they here?',
          metrics: ['different_users', 'different_sessions'],
        }),
      ],
      [
        4,
        sharesOverTime(requests, {
          title: 'Actions beside looking, shares',
          question: 'What do they do beside looking?',
          where: "action IN ('login', 'logout', 'click_button', 'submit_form')",
          metrics: ['requests'],
          by: 'action',
        }),
      ],
      [
        4,
        ring(visits, {
          title: 'Sessions by device',
          question: 'With what do they come?',
          by: 'device',
          metric: 'visit_count',
        }),
      ],
    ),
    tables(
      [
        7,
        flow(visits, {
          title: 'From the first page to the last, without API calls',
          question: 'Where do they come in, and where do they leave?',
          // The last call of a script says little of where people leave.
          where:
            "entry_page != '' AND exit_page != '' AND NOT startsWith(entry_page, '/api/') AND NOT startsWith(exit_page, '/api/')",
          from: 'way_in',
          to: 'way_out',
          metric: 'visit_count',
          linksMax: 25,
        }),
      ],
      [
        5,
        rankedTable(visits, {
          title: 'Entry pages',
          question: 'Which first page keeps people, which sends them away?',
          where: "entry_page != ''",
          by: ['entry_page'],
          metrics: ['visit_count', 'pages_per_visit', 'bounce_percent', 'bought_percent'],
          order: 'visit_count',
          rowsMax: 20,
        }),
      ],
    ),
    charts(
      [
        4,
        orderedBars(visits, {
          title: 'Sessions by number of pages',
          question: 'How deep do they go?',
          by: 'length',
          metric: 'visit_count',
        }),
      ],
      [
        4,
        rankedBars(visits, {
          title: 'Sessions by referrer',
          question: 'Where do they come from?',
          by: 'referrer',
          metric: 'visit_count',
        }),
      ],
      [
        4,
        rankedBars(visits, {
          title: 'Sessions by exit page',
          question: 'Where do they leave?',
          where: "exit_page != ''",
          by: 'exit_page',
          metric: 'visit_count',
        }),
      ],
    ),
    tables(
      [
        7,
        rankedTable(requests, {
          title: 'Most seen pages',
          question: 'What do they look at, and is it quick and whole?',
          where: "action = 'view_page'",
          by: ['endpoint'],
          metrics: ['requests', 'different_users', 'error_percent'],
          order: 'requests',
          rowsMax: 30,
          alarms: [{ metric: 'error_percent', above: 5 }],
        }),
      ],
      [
        5,
        rankedTable(visits, {
          title: 'Browsers and systems',
          question: 'With which program does it work less well?',
          by: ['browser', 'system'],
          metrics: ['visit_count', 'pages_per_visit', 'bounce_percent', 'bought_percent'],
          order: 'visit_count',
          rowsMax: 20,
        }),
      ],
    ),
  ],
}
