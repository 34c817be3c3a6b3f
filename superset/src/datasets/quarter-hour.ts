/**
 * The quarter of an hour of a time, as text that sorts: for the columns of heatmaps, whose own truncation of a time column
 * can't be sorted by.
 */
export const quarterHour = (time: string): string =>
  `formatDateTime(toDateTime(intDiv(toUnixTimestamp(${time}), 900) * 900, 'UTC'), '%d. %H:%i')`
