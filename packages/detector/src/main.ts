import { runCommand } from '@pulsehouse/platform'
import { readScoreOptions } from './options.js'
import { scoreFolder } from './score/score-folder.js'

await runCommand(async () => {
  const folders = readScoreOptions(process.argv.slice(2), process.env)
  await scoreFolder(folders, (line) => process.stderr.write(`${line}\n`))
  return 0
})
