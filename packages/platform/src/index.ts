export { createLogger, type Logger } from './logger.js'
export { loadKeys, type Keys } from './keys.js'
export { runCommand, runPart, stopDeadlineMs, type RunningPart, type StopStep } from './lifecycle.js'
export {
  flag,
  HelpRequested,
  integer,
  option,
  readOptions,
  UsageError,
  type CommandDescription,
  type Option,
  type Options,
  type OptionValues,
} from './options.js'
export { clickhouseUrlOf, dataFolder, natsUrlOf, stackOptions } from './stack-options.js'
