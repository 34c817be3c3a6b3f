import { runCommand } from '@pulsehouse/platform'
import { chaosClickhouse } from './clickhouse.js'
import { readConfig } from './config.js'
import { chaosPipeline } from './pipeline.js'
import { chaosSoak } from './soak.js'

const runs = { pipeline: chaosPipeline, clickhouse: chaosClickhouse, soak: chaosSoak } as const

async function main(): Promise<number> {
  const { name, values } = readConfig(Object.keys(runs) as (keyof typeof runs)[], process.argv.slice(2))
  const report = (line: string): void => void process.stderr.write(`${name}: ${line}\n`)
  const { summary, result, faults } = await runs[name](values, report)
  const pass = faults.length === 0
  if (values.json) process.stdout.write(`${JSON.stringify({ name, pass, ...result, faults })}\n`)
  else process.stdout.write(`${pass ? 'pass' : 'FAIL'} ${name}: ${summary}\n`)
  for (const fault of faults) report(fault)
  return pass ? 0 : 1
}

await runCommand(main)
