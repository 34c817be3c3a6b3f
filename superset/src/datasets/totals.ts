import { defineDataset, formats } from '../dataset.js'

/** Everything together by minute: users and sessions of the whole. */
export const totals = defineDataset({
  name: 'totals_by_minute',
  description: 'Everything together by minute: where nothing is split, the cheapest to ask.',
  time: 'minute',
  columns: {},
  metrics: {
    different_users: {
      label: 'Users',
      sql: 'uniqMerge(users)',
      format: formats.short,
      description: 'Different users with an event; an estimate above some ten thousand.',
    },
    different_sessions: {
      label: 'Sessions',
      sql: 'uniqMerge(sessions)',
      format: formats.short,
      description: 'Different sessions with an event; an estimate above some ten thousand.',
    },
  },
})
