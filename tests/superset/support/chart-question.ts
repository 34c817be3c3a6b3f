/** The question of a chart that has one metric. */
export function chartQuestion(dataset: number, metric: unknown) {
  const query = { columns: [], metrics: [metric], row_limit: 10 }
  return {
    datasource: { id: dataset, type: 'table' },
    queries: [query],
    result_format: 'json',
    result_type: 'full',
  }
}

/** A metric that somebody writes himself, as SQL. */
export function sqlMetric(sqlExpression: string) {
  return { expressionType: 'SQL', sqlExpression, label: 'asked', hasCustomLabel: true }
}
