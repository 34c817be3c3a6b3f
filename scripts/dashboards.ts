import { readOptions, runCommand } from '@pulsehouse/platform'
import { assetsFolder } from './superset/server-folder.js'
import { writeAssets } from './dashboards/write-assets.js'

const command = {
  usage: 'npm run dashboards',
  summary: 'Writes what Superset imports, superset/assets, from superset/src.',
  options: {},
}

await runCommand(async () => {
  readOptions(command, process.argv.slice(2), process.env)
  const files = writeAssets(assetsFolder)
  process.stdout.write(`Wrote ${files} files into ${assetsFolder}\n`)
  return Promise.resolve(0)
})
