import type { Chart, ChartText } from '../chart.js'
import { expectedBand as dataset } from '../datasets/expected-band.js'
import { linesOverTime } from './over-time.js'

/** What came, as a line over the band of what the detector expected. @param metric the detector's name of it. */
export function expectedBand({ metric, ...text }: ChartText & { metric: string }): Chart {
  const chart = linesOverTime(dataset, {
    ...text,
    where: `metric = '${metric}'`,
    metrics: ['observed', 'expected__yhat', 'expected__yhat_lower', 'expected__yhat_upper'],
  })
  return { ...chart, params: { ...chart.params, opacity: 0.25 } }
}
