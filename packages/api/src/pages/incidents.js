import { element } from './chart.js'

const shown = 5

/** What is asked for: the newest that go on, of those that wake people. */
export const incidentsPath = `/v1/incidents?status=open&limit=${shown}`

/** @typedef {{ severity: string, title: string, summary: string, started: string }} Incident */

const severities = ['critical', 'warning', 'info']

/**
 * Shows what goes on, the worst first; that nothing does is said too.
 *
 * @param {Element} list
 * @param {{ data: Incident[], next_cursor: string | null }} page
 */
export function showIncidents(list, { data, next_cursor: next }) {
  const rank = (/** @type {Incident} */ { severity }) => severities.indexOf(severity)
  const items = data.toSorted((a, b) => rank(a) - rank(b)).map(itemOf)
  if (items.length === 0) items.push(element('li', 'none', 'None is open.'))
  if (next !== null) items.push(element('li', 'none', 'There are more that began before these.'))
  list.replaceChildren(...items)
}

/** @param {Incident} incident */
function itemOf({ severity, title, summary, started }) {
  const item = element('li', '', '')
  item.dataset['severity'] = severity
  item.title = summary
  const time = element('time', '', `since ${since(started)}`)
  time.setAttribute('datetime', started)
  item.append(element('strong', '', severity), element('span', 'title', title), time)
  return item
}

/**
 * A day is told where it is not today.
 *
 * @param {string} started
 */
function since(started) {
  const [day, minute] = [started.slice(0, 10), started.slice(11, 16)]
  return day === new Date().toISOString().slice(0, 10) ? minute : `${day} ${minute}`
}
