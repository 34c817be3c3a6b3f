import { writeFileSync } from 'node:fs'
import { readOptions, runCommand } from '@pulsehouse/platform'
import { dashboardsMarkdown } from '@pulsehouse/superset'
import { dashboardsPage } from './dashboards/dashboards-page.js'
import { assetsFolder } from './superset/server-folder.js'
import { writeAssets } from './dashboards/write-assets.js'

const command = {
  usage: 'npm run dashboards',
  summary: 'Writes what Superset imports, superset/assets, and docs/dashboards.md, from superset/src.',
  options: {},
}

await runCommand(async () => {
  readOptions(command, process.argv.slice(2), process.env)
  const files = writeAssets(assetsFolder)
  writeFileSync(dashboardsPage, dashboardsMarkdown())
  process.stdout.write(`Wrote ${files} files into ${assetsFolder}, and ${dashboardsPage}\n`)
  return Promise.resolve(0)
})
