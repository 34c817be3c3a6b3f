import { numberWithCourse } from '../charts/number.js'
import { barsOverTime, linesOverTime } from '../charts/over-time.js'
import { funnel, rankedBars } from '../charts/parts.js'
import { rankedTable } from '../charts/ranked-table.js'
import { twoScales } from '../charts/two-scales.js'
import { charts, numbers, tables, type Dashboard } from '../dashboard.js'
import { carts } from '../datasets/carts.js'
import { products } from '../datasets/products.js'
import { requests } from '../datasets/requests.js'
import { shopSteps } from '../datasets/shop-steps.js'
import { grainFilter, selectFilter, timeFilter } from '../filters.js'

/** Whether people buy, and what keeps them from it. */
export const commerce: Dashboard = {
  slug: 'commerce',
  title: 'E-commerce',
  description:
    'Whether people buy, and what keeps them from it. Events carry no prices: it is told in orders.',
  filters: [
    timeFilter,
    selectFilter('Product', products, 'product_id'),
    selectFilter('Endpoint', requests, 'endpoint'),
    grainFilter(carts),
  ],
  rows: [
    numbers(
      numberWithCourse(carts, {
        title: 'Orders',
        question: 'Do people buy?',
        metric: 'completed_count',
        subtitle: 'completed checkouts',
      }),
      numberWithCourse(shopSteps, {
        title: 'Conversion',
        question: 'How many of those who come buy?',
        metric: 'conversion_percent',
        subtitle: '% of sessions',
      }),
      numberWithCourse(carts, {
        title: 'Checkout failures',
        question: 'Is the checkout broken?',
        metric: 'failed_percent',
        subtitle: '% of checkouts that ended',
      }),
      numberWithCourse(carts, {
        title: 'Items in a cart',
        question: 'How much do they want?',
        metric: 'cart_size_mean',
        subtitle: 'mean of all carts',
      }),
    ),
    charts(
      [
        8,
        barsOverTime(carts, {
          title: 'Checkouts over time',
          question: 'Are we on track, and do checkouts fail?',
          metrics: ['completed_count', 'failed_count'],
        }),
      ],
      [
        4,
        funnel(shopSteps, {
          title: 'From a visit to an order',
          question: 'Where are they lost?',
          by: 'step',
          metric: 'step_sessions',
        }),
      ],
    ),
    charts(
      [
        6,
        linesOverTime(shopSteps, {
          title: 'Sessions that have a cart, and that buy, %',
          question: 'Since when do fewer buy: is it the shop, or the checkout?',
          metrics: ['cart_percent', 'conversion_percent'],
        }),
      ],
      [
        6,
        linesOverTime(carts, {
          title: 'Checkout failures over time, %',
          question: 'Since when does the checkout fail?',
          metrics: ['failed_percent'],
        }),
      ],
    ),
    charts(
      [
        6,
        twoScales(requests, {
          title: 'Orders placed and how long they take',
          question: 'Does slowness cost orders?',
          where: "service = 'checkout' AND endpoint = '/orders' AND http_method = 'POST'",
          bars: 'requests',
          line: 'p95_ms',
        }),
      ],
      [
        6,
        linesOverTime(carts, {
          title: 'Items in a cart: p50, p95 and the largest',
          question: 'Are there carts that no customer fills?',
          metrics: ['cart_size_p50', 'cart_size_p95', 'cart_size_largest'],
          logarithmic: true,
        }),
      ],
    ),
    tables(
      [
        4,
        rankedTable(products, {
          title: 'Products that are looked at most',
          question: 'What do they want?',
          by: ['product_id'],
          metrics: ['view_count', 'different_users', 'action_count'],
          order: 'view_count',
          rowsMax: 20,
        }),
      ],
      [
        4,
        rankedBars(products, {
          title: 'Products that are put into carts',
          question: 'What do they take?',
          by: 'product_id',
          metric: 'action_count',
          barsMax: 10,
        }),
      ],
      [
        4,
        rankedTable(requests, {
          title: 'Requests of cart and checkout',
          question: 'Which step of buying is slow or fails?',
          where: "service IN ('cart', 'checkout')",
          by: ['endpoint', 'http_method'],
          metrics: ['requests', 'p95_ms', 'error_percent'],
          order: 'requests',
          rowsMax: 20,
          alarms: [{ metric: 'error_percent', above: 5 }],
        }),
      ],
    ),
  ],
}
