const stepS = 300
const monthS = 31 * 86_400

/**
 * The moments at which something went on, as SQL: its beginning, every five minutes, and its last minute. With a row for each, a
 * range of time shows what went on in it, also what had begun before it. Of what has gone on for longer than a month, the last month.
 *
 * @param started column of the beginning.
 * @param ended column of the end, NULL while it goes on.
 */
export function goingOn(started: string, ended: string): string {
  const last = `greatest(toUnixTimestamp(${started}), toUnixTimestamp(ifNull(${ended} - INTERVAL 1 MINUTE, now())))`
  return `arrayJoin(arrayPushBack(range(greatest(toUnixTimestamp(${started}), ${last} - ${monthS}), ${last}, ${stepS}), ${last}))`
}
