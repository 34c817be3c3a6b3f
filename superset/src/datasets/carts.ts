import { defineDataset, formats } from '../dataset.js'

const quantile = (index: number): string =>
  `if(sum(cart_size_count) = 0, NULL, quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(cart_size_quantiles)[${index}])`

/** Carts and checkouts by minute and how the checkout stands. */
export const carts = defineDataset({
  name: 'carts_by_minute',
  description:
    'Carts and checkouts by minute and how the checkout stands; it is empty for a cart without one.',
  time: 'minute',
  columns: { checkout_status: { label: 'Checkout', type: 'LowCardinality(String)' } },
  metrics: {
    completed_count: {
      label: 'Checkouts completed',
      sql: "sumIf(events, checkout_status = 'completed')",
      format: formats.count,
      description: 'Checkouts that were completed.',
    },
    failed_count: {
      label: 'Checkouts failed',
      sql: "sumIf(events, checkout_status = 'failed')",
      format: formats.count,
      description: 'Checkouts that failed.',
    },
    failed_percent: {
      label: 'Checkout failures, %',
      sql: "100 * sumIf(events, checkout_status = 'failed') / nullIf(sumIf(events, checkout_status IN ('failed', 'completed')), 0)",
      format: formats.percent,
      description: 'Failed checkouts by failed and completed ones.',
    },
    cart_size_mean: {
      label: 'Items in a cart, mean',
      sql: 'sum(cart_size_sum) / nullIf(sum(cart_size_count), 0)',
      format: formats.rate,
      description: 'Mean items of a cart, over events that tell it.',
    },
    cart_size_p50: {
      label: 'Items in a cart, p50',
      sql: quantile(1),
      format: formats.rate,
      description: 'Median items of a cart.',
    },
    cart_size_p95: {
      label: 'Items in a cart, p95',
      sql: quantile(3),
      format: formats.rate,
      description: '95th percentile of the items of a cart.',
    },
    cart_size_largest: {
      label: 'Largest cart, items',
      sql: 'max(cart_size_max)',
      format: formats.count,
      description: 'The largest cart: what a mean hides.',
    },
  },
})
