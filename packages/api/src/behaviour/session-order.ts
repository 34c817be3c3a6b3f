/**
 * The place of an event within its session as one number, because sorting numbers is quicker than sorting tuples:
 * microseconds since the start of the range, and for equal timestamps the position in the queue, its chunk and its
 * line. It lasts for ranges of fifty days; a chunk has 2,000 lines at the most.
 */
export const sessionOrder = `toUInt64((toUnixTimestamp64Micro(l.timestamp) - {from_micros:Int64}) * 4194304
    + bitAnd(l.stream_seq, 2047) * 2048 + bitAnd(l.event_index, 2047))`

/** How many of these numbers a microsecond has. */
export const ordersPerMicro = 4_194_304

/** Events of sessions in a range. The table is called `l`. */
export const sessionEvents = `toStartOfHour(l.timestamp) >= toStartOfHour(fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC'))
    AND toStartOfHour(l.timestamp) < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC')
    AND l.timestamp >= fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC')
    AND l.timestamp < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC')
    AND l.session_id != ''`
