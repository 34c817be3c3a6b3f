import { decodeLine, type LineContext, type LogEvent, type WireFormat } from '../src/index.js'

/** A line's arrival, a day after the sample's events. */
export const anyContext: LineContext = {
  receivedAtMicros: Date.UTC(2026, 10, 23) * 1000,
  timeShiftMicros: 0,
}

/** Decodes a line that must be an event. */
export function eventOf(format: WireFormat, line: string): LogEvent {
  const decoded = decodeLine(format, line, anyContext)
  if (!decoded.ok) throw new Error(`${decoded.reason}: ${decoded.detail}: ${line.slice(0, 200)}`)
  return decoded.event
}

/** A small generator of pseudorandom whole numbers below `n`: the same seed gives the same tests. */
export function randomFrom(seed: number): (n: number) => number {
  let state = seed >>> 0
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n
  }
}

/** Lines of the sample of the pipe format, with one of each kind of outcome. */
export const pipeLines = [
  '2026-11-22T07:48:10.784120 | ERROR | req_76510 | session_2486 | user_155 | login | POST | /products | Referrer: https://www.google.com | IP: 55.10.23.112 | Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) | Response Time: 0.61s | Product ID: prod_328 | Cart Size: 10 | Checkout Status: pending | Token: token_85642 | Auth Method: Basic | Auth Level: admin | Correlation ID: corr_16499 | Server IP: 250.57.12.143 | Port: 57284 | Protocol: HTTP | 500 Internal Server Error | Detail: Server encountered an unexpected condition.',
  '2026-11-22T07:48:10.784203 | INFO | req_23507 | session_2028 | user_148 | submit_form | POST | /contact | Referrer: Direct Entry | IP: 149.147.164.49 | Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) | Response Time: 0.85s | Product ID: prod_644 | Cart Size: 7 | Checkout Status: completed | Token: token_71027 | Auth Method: Basic | Auth Level: admin | Correlation ID: corr_57393 | Server IP: 77.64.204.47 | Port: 46833 | Protocol: HTTP | 200 OK | Detail: Request succeeded.',
  '2026-11-22T07:48:10.784268 | INFO | req_47302 | session_6823 | user_681 | view_page | GET | /contact | Referrer: https://www.bing.com | IP: 184.99.228.172 | Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) | Response Time: 0.6900000000000001s | Product ID: prod_886 | Cart Size: 5 | Checkout Status: pending | Token: token_42455 | Auth Method: JWT | Auth Level: admin | Correlation ID: corr_75078 | Server IP: 21.43.115.103 | Port: 37032 | Protocol: HTTPS | 201 Created | Detail: The request succeeded, and a new resource was created.',
] as const

/** Access lines as public servers write them. */
export const accessLines = [
  '83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /images/kibana-search.png HTTP/1.1" 200 203023 "http://semicomplete.com/presentations/" "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36"',
  '2001:db8::7 - frank [10/Oct/2000:13:55:36 -0700] "POST /login HTTP/2.0" 401 - "-" "-"',
  '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326',
] as const

/** JSON lines of our own and of others. */
export const jsonLines = [
  '{"timestamp":"2026-11-22T07:48:10.784120Z","level":"INFO","request_id":"req_1","session_id":"session_1","user_id":"user_155","action":"login","http_method":"POST","url":"/login?next=%2Fcart","ip_address":"55.10.23.112","response_time":610.5,"cart_size":3,"token":"token_85642","status_code":200,"attributes":{"region":"eu"}}',
  '{"level":30,"time":1795333690784,"pid":1,"hostname":"web-1","name":"shop","req":{"id":7,"method":"GET","url":"/a","headers":{"host":"x","authorization":"Bearer abcdefgh1"},"remoteAddress":"::ffff:10.1.2.3"},"res":{"statusCode":404},"responseTime":12,"msg":"request completed"}',
  '{"level":"warn","message":"slow query","timestamp":"2026-11-22T07:48:10.784Z","service":"db"}',
] as const
