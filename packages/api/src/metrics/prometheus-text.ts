/** A value of a metric, and what tells it from the others of the same name. */
export interface Sample {
  labels?: Readonly<Record<string, string>>
  value: number
}

/** A metric as Prometheus reads it; a counter only grows, until what it counts is made anew. */
export interface Metric {
  /** With its unit last; a counter ends with `_total`. */
  name: string
  type: 'gauge' | 'counter'
  /** What it says, one line. */
  help: string
  samples: readonly Sample[]
}

/** The content type of Prometheus' text format. */
export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8'

/** Writes metrics in Prometheus' text format. One without a sample is left out: it is not known. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, type, help, samples }) => [
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(({ labels = {}, value }) => `${name}${labelsOf(labels)} ${value}`),
    ])
    .map((line) => `${line}\n`)
    .join('')
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
