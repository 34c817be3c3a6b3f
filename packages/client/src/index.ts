export { createClient, type ClientOptions, type PulsehouseClient } from './create-client.js'
export { answerOf, ApiProblem, type Problem } from './answer-of.js'
export type { components, operations, paths } from './schema.js'
export { followLogs, type TailMessage, type TailQuery } from './follow-logs.js'
