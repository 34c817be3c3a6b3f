import { defineDataset, formats } from '../dataset.js'
import { hourAsTime } from './hour-as-time.js'

/** Sessions by the hour; one that goes on in the next hour has a row in each. */
export const visits = defineDataset({
  name: 'visits',
  description:
    'Sessions, each in the hours in which it was active. What was inserted in pieces is put together by hour and session; a condition on the time is applied before that.',
  // The key has the hour, so that ClickHouse filters before it groups.
  sql: `SELECT
  hour,
  session_id,
  min(started) AS began,
  max(ended) AS was_over,
  sum(events) AS session_events,
  sum(pages) AS session_pages,
  max(user_id) AS session_user,
  argMinIfMerge(entry) AS entry_page,
  argMaxIfMerge(exit) AS exit_page,
  argMinMerge(referrer) AS referrer_domain,
  max(device) AS session_device,
  max(browser) AS session_browser,
  max(os) AS session_os,
  max(converted) AS bought
FROM pulsehouse.sessions
GROUP BY hour, session_id`,
  time: hourAsTime,
  columns: {
    entry_page: { label: 'Entry page' },
    exit_page: { label: 'Exit page' },
    way_in: { label: 'Way in', sql: "concat('in ', entry_page)" },
    way_out: { label: 'Way out', sql: "concat('out ', exit_page)" },
    referrer: { label: 'Referrer', sql: "if(referrer_domain = '', 'direct entry', referrer_domain)" },
    device: { label: 'Device', sql: "if(session_device = '', 'unknown', session_device)" },
    browser: { label: 'Browser', sql: "if(session_browser = '', 'unknown', session_browser)" },
    system: { label: 'System', sql: "if(session_os = '', 'unknown', session_os)" },
    length: {
      label: 'Pages',
      sql: "multiIf(session_pages = 0, '00', session_pages = 1, '01', session_pages <= 3, '02–03', session_pages <= 6, '04–06', session_pages <= 10, '07–10', session_pages <= 20, '11–20', '21+')",
    },
  },
  metrics: {
    visit_count: {
      label: 'Sessions',
      sql: 'uniq(session_id)',
      format: formats.short,
      description: 'Different sessions; an estimate above some ten thousand.',
    },
    pages_per_visit: {
      label: 'Pages per session',
      sql: 'sum(session_pages) / nullIf(uniq(session_id), 0)',
      format: formats.rate,
      description: 'Pages seen by sessions.',
    },
    bounce_percent: {
      label: 'Bounces, %',
      sql: '100 * countIf(session_pages = 1) / nullIf(count(), 0)',
      format: formats.percent,
      description: 'Sessions that saw one page.',
    },
    bought_percent: {
      label: 'Conversion, %',
      sql: '100 * countIf(bought = 1) / nullIf(count(), 0)',
      format: formats.percent,
      description: 'Sessions in which a checkout was completed.',
    },
  },
})
