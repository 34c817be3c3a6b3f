import { defineDataset, formats } from '../dataset.js'
import { hourAsTime } from './hour-as-time.js'

/** Interest in products by the hour. */
export const products = defineDataset({
  name: 'products_by_hour',
  description:
    'Who did what with which product, by the hour: a range shows the hours that ended in it and the one that runs.',
  time: hourAsTime,
  columns: { product_id: { label: 'Product' } },
  metrics: {
    view_count: {
      label: 'Views',
      sql: 'sum(views)',
      format: formats.count,
      description: 'Pages of the product that were seen.',
    },
    action_count: {
      label: 'Other actions',
      sql: 'sum(events) - sum(views)',
      format: formats.count,
      description: 'Events about the product that are no page: most of them put it into a cart.',
    },
    different_users: {
      label: 'Users',
      sql: 'uniqMerge(users)',
      format: formats.count,
      description: 'Different users with an event about the product.',
    },
  },
})
