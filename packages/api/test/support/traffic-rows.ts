import { seededRandom, type Row } from './rows.js'

/** First moment of the traffic, microseconds since 1970: three hours before a midnight. */
export const trafficStartMicros = Date.UTC(2026, 1, 28, 21) * 1000
/** How long it goes on. */
const minutes = 300

/** Events of five hours around a midnight; a part of them has no latency, no user or no group at all. */
function rowOf(index: number, random: () => number): Row {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const measured = random() < 0.8
  const latency = (most: number) => (measured ? { ms: Math.fround(random() * most) } : {})
  const [response, database, server, network] = [latency(900), latency(90), latency(400), latency(30)]
  return {
    timestampMicros: trafficStartMicros + Math.floor(random() * minutes * 60_000_000),
    level: pick(['INFO', 'INFO', 'WARN', 'ERROR']),
    attributes: {},
    streamCreatedSeconds: trafficStartMicros / 1e6,
    streamSeq: Math.floor(index / 100),
    eventIndex: index % 100,
    ...(random() < 0.9
      ? { service: pick(['checkout', 'catalog', 'search']), endpoint: pick(['/a', '/b/:id']) }
      : {}),
    ...(random() < 0.9
      ? { server_ip: pick(['10.0.0.1', '10.0.0.2']), protocol: 'HTTPS', device: pick(['mobile', 'desktop']) }
      : {}),
    ...(random() < 0.8 ? { browser: pick(['Chrome', 'Firefox']), os: pick(['iOS', 'Linux']) } : {}),
    ...(random() < 0.5
      ? { referrer_domain: pick(['google.com', 'bing.com']), ip_address: pick(['x', 'y']) }
      : {}),
    ...(random() < 0.9 ? { http_method: pick(['GET', 'POST']), status_code: pick([200, 404, 500]) } : {}),
    ...(random() < 0.7 ? { action: pick(['login', 'view_page']), user_id: pick(['a', 'b', 'c', 'd']) } : {}),
    ...(random() < 0.5 ? { session_id: `session_${Math.floor(random() * 500)}` } : {}),
    ...(response.ms === undefined ? {} : { response_time: response.ms }),
    ...(database.ms === undefined ? {} : { db_query_time: database.ms }),
    ...(server.ms === undefined ? {} : { server_processing_time: server.ms }),
    ...(network.ms === undefined ? {} : { network_latency: network.ms }),
  }
}

/** Made-up events in no order of time; the same seed gives the same ones. */
export function trafficRows(seed: number, count: number): Row[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, index) => rowOf(index, random))
}
