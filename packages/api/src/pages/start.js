import { drawChart, element } from './chart.js'
import { incidentsPath, showIncidents } from './incidents.js'
import { forgetKey, keepKey, takeKey } from './key.js'

const refreshEveryMs = 5_000
const answerWithinMs = 10_000
/** A lag beyond this is said in words, seconds; `npm run lag` has the same limit. */
const lagSecondsMax = 60
const errorsShown = 8

/**
 * @typedef {object} Answer
 * @property {boolean} ok
 * @property {number} status
 * @property {any} body What the API said, or its problem (RFC 9457).
 */

/** @typedef {{ time: string, events: number, errors: number, response_time_p95: number | null }} StatsRow */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const number = (/** @type {number} */ value) => (Math.abs(value) < 100 ? fine : whole).format(value)
const formats = {
  rate: (/** @type {number} */ value) => `${number(value)}/s`,
  amount: (/** @type {number} */ value) => number(value),
  ms: (/** @type {number} */ value) => `${number(value)} ms`,
  seconds: (/** @type {number} */ value) =>
    value >= 1 || value === 0 ? `${number(value)} s` : `${whole.format(value * 1000)} ms`,
}

/** @type {Record<string, string>} */
const partNames = { clickhouse: 'ClickHouse', nats: 'NATS' }

/** @param {string} id */
function byId(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`The page has no #${id}.`)
  return found
}

/**
 * @param {string} path
 * @param {string | null} key
 * @returns {Promise<Answer>}
 */
async function ask(path, key) {
  const response = await fetch(path, {
    headers: key === null ? {} : { Authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(answerWithinMs),
  })
  return { ok: response.ok, status: response.status, body: await response.json() }
}

/** Asks everything anew and shows it; what can't be had is said, and the rest is shown all the same. */
async function refresh() {
  const key = takeKey()
  try {
    const ready = await ask('/readyz', null)
    const troubles = ready.ok ? [] : [missingIn(ready.body)]
    const lag = key === null ? undefined : await showFigures(key, troubles)
    showParts(ready.body.parts ?? {}, lag)
    showState(troubles.length === 0 ? 'ok' : 'partly', troubles)
  } catch (error) {
    showState('down', [
      `The API does not answer: is npm start still running? The figures are those of before; asking again every ${refreshEveryMs / 1000} s.`,
    ])
    showParts({ api: error instanceof Error ? error.message : 'no answer' }, undefined)
  }
}

/**
 * @param {string} key
 * @param {string[]} troubles Takes what goes wrong.
 * @returns {Promise<{ chunks: number, seconds: number } | undefined>} the lag, where it is known.
 */
async function showFigures(key, troubles) {
  const paths = [
    '/v1/stats/series?from=-30m&step=1m&measures=events,errors,response_time_p95',
    '/v1/pipeline/delays?from=-30m',
    '/v1/pipeline/lag',
    `/v1/logs?level=ERROR&to=now&limit=${errorsShown}`,
    incidentsPath,
  ]
  const answers = await Promise.all(paths.map((path) => ask(path, key)))
  const refused = answers.find(({ status }) => status === 401 || status === 403)
  if (refused !== undefined) {
    forgetKey()
    askForKey()
    troubles.push(String(refused.body.detail))
    return undefined
  }
  byId('ask-key').hidden = true
  byId('live').hidden = false
  byId('forget').hidden = false
  const failed = answers.find(({ ok }) => !ok)
  // A part that is missing has been named already, and says more than the questions that failed for it.
  if (failed !== undefined && troubles.length === 0) troubles.push(String(failed.body.detail))
  const [stats, delays, lag, errors, incidents] = answers
  if (stats?.ok) showStats(stats.body)
  if (delays?.ok) showLag(delays.body, lag?.ok ? lag.body : undefined)
  if (errors?.ok) showErrors(errors.body.data)
  if (incidents?.ok) showIncidents(byId('incidents'), incidents.body)
  byId('refreshed').textContent =
    `Times are UTC. Asked at ${new Date().toISOString().slice(11, 19)}, every ${refreshEveryMs / 1000} s.`
  return lag?.ok ? lag.body : undefined
}

/** @param {{ detail: string, parts?: Record<string, string> }} problem */
function missingIn({ detail, parts = {} }) {
  const names = Object.keys(parts).filter((part) => parts[part] !== 'ok')
  if (names.length === 0) return detail
  return `${names.map((part) => partNames[part] ?? part).join(' and ')} can't be used, see below; figures that need it are those of before.`
}

function askForKey() {
  byId('ask-key').hidden = false
  byId('live').hidden = true
  byId('forget').hidden = true
}

/**
 * The whole minutes of a range; the last one is still filling and would look like a fall.
 *
 * @template Row
 * @param {{ data: (Row & { time: string })[], from: string, to: string }} body
 * @param {(row: Row | undefined) => number | null} value
 */
function pointsOf({ data, from, to }, value) {
  const rows = new Map(data.map((row) => [Date.parse(row.time), row]))
  const [first, last] = [Date.parse(from), Date.parse(to) - 60_000]
  return Array.from({ length: Math.max(0, (last - first) / 60_000) }, (_, index) => {
    const timeMs = first + index * 60_000
    return { timeMs, value: value(rows.get(timeMs)) }
  })
}

/** @param {{ data: StatsRow[], from: string, to: string }} body */
function showStats(body) {
  const rate = pointsOf(body, (row) => (row === undefined ? null : row.events / 60))
  const errors = pointsOf(body, (row) => row?.errors ?? null)
  const p95 = pointsOf(body, (row) => row?.response_time_p95 ?? null)
  const [lastRate, lastErrors, lastP95] = [rate.at(-1)?.value, errors.at(-1)?.value, p95.at(-1)?.value]
  const events = (lastRate ?? 0) * 60
  const share = events === 0 ? '' : `${fine.format(((lastErrors ?? 0) / events) * 100)} % of all events`
  show('rate', rate, { shape: 'line', format: formats.rate }, lastRate, '')
  show('errors', errors, { shape: 'bars', format: formats.amount }, lastErrors, share)
  show('p95', p95, { shape: 'line', format: formats.ms }, lastP95, '')
}

/**
 * @param {{ data: { time: string, delay_max: number }[], from: string, to: string }} delays
 * @param {{ chunks: number, seconds: number } | undefined} lag
 */
function showLag(delays, lag) {
  const points = pointsOf(delays, (row) => row?.delay_max ?? null)
  const waiting = lag === undefined ? '' : `${whole.format(lag.chunks)} chunks wait`
  show('lag', points, { shape: 'line', format: formats.seconds }, lag?.seconds, waiting)
}

/**
 * @param {string} id
 * @param {import('./chart.js').Point[]} points
 * @param {{ shape: 'line' | 'bars', format: (value: number) => string }} options
 * @param {number | null | undefined} now
 * @param {string} note
 */
function show(id, points, options, now, note) {
  const article = byId(id)
  const [title, value, box] = ['h2', '.value', '.chart'].map((selector) => article.querySelector(selector))
  if (!title || !value || !box) throw new Error(`The page has no chart in #${id}.`)
  value.replaceChildren(now === null || now === undefined ? '–' : options.format(now))
  if (note !== '') value.append(element('small', '', note))
  drawChart(box, points, { ...options, title: title.textContent ?? '' })
}

/** @param {{ timestamp: string, service: string | null, status_code: number | null, endpoint: string | null, message: string | null }[]} logs */
function showErrors(logs) {
  const rows = logs.map((log) => {
    const row = element('tr', '', '')
    const cells = [log.timestamp.slice(11, 19), log.service, log.status_code, log.endpoint, log.message]
    for (const cell of cells) row.append(element('td', '', cell === null ? '–' : String(cell)))
    row.title = `${log.timestamp} ${log.message ?? ''}`
    return row
  })
  if (rows.length === 0) {
    const row = element('tr', '', '')
    const cell = element('td', 'none', 'No error in the last 24 hours.')
    cell.setAttribute('colspan', '5')
    row.append(cell)
    rows.push(row)
  }
  byId('newest').replaceChildren(...rows)
}

/**
 * @param {{ api?: string, clickhouse?: string, nats?: string }} parts 'ok', or why a part can't be used.
 * @param {{ chunks: number, seconds: number } | undefined} lag
 */
function showParts({ api = 'ok', clickhouse = 'unknown', nats = 'unknown' }, lag) {
  const late = lag !== undefined && lag.seconds > lagSecondsMax
  const ingester =
    lag === undefined ? 'unknown' : late ? `behind by ${formats.seconds(lag.seconds)}: npm run lag` : 'ok'
  const said = { API: api, ClickHouse: clickhouse, NATS: nats, Ingester: ingester }
  byId('parts').replaceChildren(
    ...Object.entries(said).map(([name, why]) => {
      const item = element('li', '', '')
      item.dataset['state'] = why === 'ok' ? 'ok' : why === 'unknown' ? 'unknown' : 'down'
      const well = name === 'Ingester' ? 'keeps up' : 'answers'
      item.append(element('strong', '', name), element('span', '', why === 'ok' ? well : why))
      return item
    }),
  )
}

/**
 * @param {'ok' | 'partly' | 'down'} state
 * @param {string[]} troubles
 */
function showState(state, troubles) {
  const words = { ok: 'all parts answer', partly: 'something is wrong', down: 'no answer' }
  byId('state').dataset['state'] = state
  byId('state').textContent = words[state]
  byId('trouble').hidden = troubles.length === 0
  byId('trouble').textContent = troubles.join(' ')
  byId('live').classList.toggle('stale', state !== 'ok')
  document.title = state === 'ok' ? 'Pulsehouse' : `Pulsehouse – ${words[state]}`
}

/** Goes round for ever; a page that nobody sees asks nothing. */
async function keepShowing() {
  if (!document.hidden) await refresh()
  setTimeout(() => void keepShowing(), refreshEveryMs)
}

byId('ask-key').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = /** @type {HTMLFormElement} */ (event.target)
  const given = new FormData(form).get('key')
  if (typeof given === 'string') keepKey(given)
  form.reset()
  void refresh()
})
byId('forget').addEventListener('click', () => {
  forgetKey()
  askForKey()
})
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void refresh()
})
window.addEventListener('hashchange', () => void refresh())
if (takeKey() === null) askForKey()
void keepShowing()
