import type { Row } from './rows.js'
import { expectedSessions, type ExpectedSession } from './session-oracle.js'

const isStep = (row: Row, step: string): boolean => {
  if (step.startsWith('/')) return row.endpoint === step
  const [action, endpoint] = step.split(/:(?=\/)/)
  return row.action === action && (endpoint === undefined || row.endpoint === endpoint)
}

/** How far a session comes when its chain starts at an event: the first event that fits is always the best one. */
function depthFrom(
  rows: readonly Row[],
  start: number,
  steps: readonly string[],
  withinSeconds: number,
): number {
  const end = (rows[start] as Row).timestampMicros + withinSeconds * 1e6
  let depth = 0
  for (const row of rows.slice(start)) {
    const step = steps[depth]
    if (step !== undefined && row.timestampMicros <= end && isStep(row, step)) depth += 1
  }
  return depth
}

/** Sessions that came to each step, tried from every event. */
export function expectedFunnel(
  rows: readonly Row[],
  steps: readonly string[],
  withinSeconds: number,
): number[] {
  const depths = expectedSessions(rows).map((session) =>
    Math.max(
      ...session.rows.map((row, index) =>
        isStep(row, steps[0] ?? '') ? depthFrom(session.rows, index, steps, withinSeconds) : 0,
      ),
    ),
  )
  return steps.map((_, index) => depths.filter((depth) => depth > index).length)
}

/** Pairs of pages that follow each other, the most frequent first. */
export function expectedPaths(rows: readonly Row[]) {
  const pairs = expectedSessions(rows).flatMap((session) => {
    const pages = session.rows
      .filter(({ action }) => action === 'view_page')
      .map(({ endpoint }) => endpoint ?? '')
    return pages.slice(1).map((page, index) => [pages[index] ?? '', page] as const)
  })
  const counted = new Map<string, { page_from: string; page_to: string; transitions: number }>()
  for (const [from, to] of pairs) {
    const known = counted.get(`${from} ${to}`)
    counted.set(`${from} ${to}`, { page_from: from, page_to: to, transitions: (known?.transitions ?? 0) + 1 })
  }
  const left = (page: string): number => pairs.filter(([from]) => from === page).length
  return [...counted.values()]
    .map((pair) => ({ ...pair, ratio: pair.transitions / left(pair.page_from) }))
    .toSorted(
      (a, b) =>
        b.transitions - a.transitions || compare(a.page_from, b.page_from) || compare(a.page_to, b.page_to),
    )
}

/** Pages with their views in a range and the sessions that began in it. */
export function expectedPages(
  rows: readonly Row[],
  sessions: readonly ExpectedSession[],
  order: 'views' | 'users' | 'entries' | 'exits' | 'bounces',
) {
  const views = rows.filter(({ action }) => action === 'view_page')
  const names = new Set([
    ...views.map(({ endpoint }) => endpoint ?? ''),
    ...sessions.flatMap(({ entry, exit }) => [entry ?? '', exit ?? '']),
  ])
  names.delete('')
  return [...names]
    .map((page) => ({
      page,
      views: views.filter(({ endpoint }) => endpoint === page).length,
      users: new Set(views.filter((row) => row.endpoint === page).flatMap(({ user_id: user }) => user ?? []))
        .size,
      entries: sessions.filter(({ entry }) => entry === page).length,
      exits: sessions.filter(({ exit }) => exit === page).length,
      bounces: sessions.filter(({ entry, pages }) => entry === page && pages === 1).length,
    }))
    .toSorted((a, b) => b[order] - a[order] || compare(a.page, b.page))
}

/** Sessions by where they came from, the most first. */
export function expectedOrigins(
  sessions: readonly ExpectedSession[],
  by: 'referrer' | 'device' | 'browser' | 'os',
) {
  return [...new Set(sessions.map((session) => session[by]))]
    .map((value) => {
      const members = sessions.filter((session) => session[by] === value)
      const bounces = members.filter(({ pages }) => pages === 1).length
      const conversions = members.filter(({ converted }) => converted).length
      return {
        value,
        sessions: members.length,
        share: members.length / sessions.length,
        users: new Set(members.flatMap(({ user_id: user }) => user ?? [])).size,
        bounces,
        bounce_ratio: bounces / members.length,
        pages_mean: members.reduce((sum, { pages }) => sum + pages, 0) / members.length,
        conversions,
        conversion: conversions / members.length,
      }
    })
    .toSorted((a, b) => b.sessions - a.sessions || compare(a.value ?? '', b.value ?? ''))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
