/** Questions of a dashboard about 24 hours, a minute a point where there are points. */
export const statsQuestions = [
  '/v1/stats/series?from=-24h&measures=events,errors,error_ratio',
  '/v1/stats/series?from=-24h&measures=events,response_time_p50,response_time_p95,response_time_p99',
  '/v1/stats/series?from=-24h&measures=users,sessions',
  '/v1/stats/series?from=-24h&group_by=service&measures=events,error_ratio',
  '/v1/stats/series?from=-24h&service=checkout&measures=events,error_ratio,response_time_p95',
  '/v1/stats/series?from=-24h&endpoint=/api/cart&measures=events,error_ratio,response_time_mean',
  '/v1/stats/series?from=-24h&endpoint=/api/cart&measures=events,response_time_p50,response_time_p95',
  '/v1/stats/series?from=-24h&status=5xx&measures=events',
  '/v1/stats/series?from=-24h&group_by=device&measures=events,error_ratio',
  '/v1/stats/series?from=-24h&server=10.20.5.11&measures=events,response_time_p95',
  '/v1/stats/top?from=-24h&by=endpoint&order_by=response_time_p95&measures=events,error_ratio',
  '/v1/stats/top?from=-24h&by=endpoint,status&measures=events',
  '/v1/stats/top?from=-24h&by=server&measures=events,error_ratio,response_time_p95',
  '/v1/stats/summary?from=-24h',
] as const

/** A word that only the benchmark's own events have. */
export const rareWord = 'zebrafish'

/** Searches, each with how long it may take, milliseconds. */
export const searches = [
  { name: 'rare word over 7 days', path: `/v1/logs?from=-7d&q=${rareWord}`, barMs: 300 },
  { name: 'newest 100 logs', path: '/v1/logs?from=-7d&limit=100', barMs: 100 },
  {
    name: 'newest 100 logs of a service that failed',
    path: '/v1/logs?from=-7d&limit=100&service=checkout&status=5xx',
    barMs: 100,
  },
  { name: 'newest 100 slow logs', path: '/v1/logs?from=-7d&limit=100&min_response_time=2000', barMs: 100 },
] as const
