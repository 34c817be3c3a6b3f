import { connectClickhouse, NativeBlock, openBlockInserter, type Column } from '@pulsehouse/platform'
import type { Incident } from '../incidents/incident.js'
import type { RunPlan } from './run-plan.js'

const columns = (scenario: string, seed: number): Column<Incident>[] => [
  { name: 'scenario', type: 'String', value: () => scenario },
  { name: 'seed', type: 'UInt64', value: () => seed },
  { name: 'incident_id', type: 'String', value: ({ id }) => id },
  { name: 'kind', type: 'String', value: ({ kind }) => kind },
  { name: 'harmless', type: 'UInt16', value: ({ harmless }) => Number(harmless) },
  { name: 'started', type: 'DateTime64(6)', value: ({ startUs }) => startUs },
  { name: 'ended', type: 'DateTime64(6)', value: ({ endUs }) => endUs },
  { name: 'service', type: 'String', value: ({ service }) => service },
  { name: 'endpoint', type: 'String', value: ({ endpoint }) => endpoint },
  { name: 'detail', type: 'String', value: ({ detail }) => detail },
]

/**
 * Writes the ground truth of a scenario beside the events, before the first of them: all of it is known then.
 *
 * @throws when ClickHouse does not answer or does not take it.
 */
export async function recordPlanted(clickhouseUrl: string, plan: RunPlan): Promise<void> {
  const { scenario, seed, startUs, incidents } = plan
  if (scenario === undefined || incidents.length === 0) return
  const clickhouse = connectClickhouse({ url: clickhouseUrl, application: 'generator' })
  const inserter = openBlockInserter(clickhouseUrl)
  try {
    await clickhouse.reach()
    const block = new NativeBlock(columns(scenario, seed))
    for (const incident of incidents) block.add(incident)
    await inserter.insert('planted_incidents', block, `${scenario}-${seed}-${startUs}`)
  } finally {
    inserter.close()
    await clickhouse.close()
  }
}
