import { readOptions, runCommand } from '@pulsehouse/platform'
import { catalogCheck } from './catalog-check.js'
import type { Check } from './check.js'
import { clientCheck } from './client-check.js'
import { dashboardsCheck } from './dashboards-check.js'
import { docReferences } from './doc-references.js'
import { toolCheck } from './tool-check.js'

const checks: Check[] = [
  toolCheck('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
  toolCheck('types', 'tsc', ['--build']),
  // Typed rules, import direction, cycles and file sizes: see .oxlintrc.json.
  toolCheck('lint', 'oxlint', ['--type-aware', '--deny-warnings']),
  toolCheck('dead code', 'knip', []),
  docReferences,
  catalogCheck,
  clientCheck,
  dashboardsCheck,
]

const command = {
  usage: 'npm run verify',
  summary: `Holds the rules of the house, without a server: ${checks.map(({ name }) => name).join(', ')}.`,
  options: {},
}

await runCommand(async () => {
  readOptions(command, process.argv.slice(2), process.env)
  let failed = 0
  for (const check of checks) {
    const startedAtMs = Date.now()
    const faults = await check.run()
    const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1)
    process.stdout.write(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${check.name} (${seconds} s)\n`)
    for (const fault of faults) process.stdout.write(`${fault}\n`)
    if (faults.length > 0) failed += 1
  }
  return failed === 0 ? 0 : 1
})
