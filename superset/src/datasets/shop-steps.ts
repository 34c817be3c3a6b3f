import { defineDataset, formats } from '../dataset.js'

const step = (number: number, name: string, table: string, condition = ''): string =>
  `SELECT minute, '${number} ${name}' AS step, sessions FROM pulsehouse.${table}${condition && ` WHERE ${condition}`}`

/** Sessions by how far they came in the shop. */
export const shopSteps = defineDataset({
  name: 'shop_steps',
  description: 'Sessions by minute and by how far they came: visited, had a cart, began a checkout, bought.',
  sql: [
    step(1, 'visited', 'totals_by_minute'),
    step(2, 'had a cart', 'carts_by_minute'),
    step(3, 'began a checkout', 'carts_by_minute', "checkout_status != ''"),
    step(4, 'bought', 'carts_by_minute', "checkout_status = 'completed'"),
  ].join('\nUNION ALL\n'),
  time: 'minute',
  columns: { step: { label: 'Step' } },
  metrics: {
    step_sessions: {
      label: 'Sessions',
      sql: 'uniqMerge(sessions)',
      format: formats.short,
      description: 'Different sessions that came so far; an estimate above some ten thousand.',
    },
    conversion_percent: {
      label: 'Conversion, %',
      sql: "100 * uniqMergeIf(sessions, step = '4 bought') / nullIf(uniqMergeIf(sessions, step = '1 visited'), 0)",
      format: formats.percent,
      description: 'Sessions that bought by all sessions.',
    },
    cart_percent: {
      label: 'Sessions with a cart, %',
      sql: "100 * uniqMergeIf(sessions, step = '2 had a cart') / nullIf(uniqMergeIf(sessions, step = '1 visited'), 0)",
      format: formats.percent,
      description: 'Sessions with a cart by all sessions.',
    },
  },
})
