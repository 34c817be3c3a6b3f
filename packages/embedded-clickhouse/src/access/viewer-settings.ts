import { exception } from '../http/errors.js'
import type { UserLimits } from './users.js'

/** Limits that a viewer may tighten for a request, by the setting that says so. */
const tightenable: ReadonlyMap<string, keyof UserLimits> = new Map([
  ['max_execution_time', 'maxExecutionTimeS'],
  ['max_memory_usage', 'maxMemoryUsageBytes'],
  ['max_result_rows', 'maxResultRows'],
])

/** Settings that only bear on how a result is written or how much of the machine it takes: free for a viewer. */
const free =
  /^(max_threads|merge_tree_min_(rows|bytes)_for_concurrent_read|merge_tree_min_read_task_size|max_block_size|max_rows_to_read|max_bytes_to_read|max_result_bytes|result_overflow_mode|read_overflow_mode|timeout_overflow_mode|extremes|log_comment|date_time_output_format|date_time_input_format|format_csv_null_representation|output_format_(json|csv|tsv|pretty|native|write_statistics|decimal|bool)\w*|enable_http_compression|send_progress_in_http_headers|http_headers_progress_interval_ms|cast_string_to_dynamic_use_inference|cancel_http_readonly_queries_on_client_close)$/

/**
 * Looks whether a viewer may give these settings with a request. They are set before the engine closes the
 * connection to changes; what stands in the statement itself the engine refuses.
 *
 * @throws {ClickhouseError} 164 for a setting that is not free, 452 for a limit above the user's own.
 */
export function checkViewerSettings(
  settings: readonly (readonly [name: string, value: string])[],
  limits: UserLimits,
): void {
  for (const [name, value] of settings) {
    const limit = tightenable.get(name)
    if (name === 'readonly') continue
    if (limit !== undefined) checkLimit(name, value, limits[limit])
    else if (!free.test(name))
      throw exception(164, 'READONLY', `Cannot modify '${name}' setting in readonly mode.`)
  }
}

function checkLimit(name: string, value: string, max: number): void {
  const number = Number(value)
  if (max === 0 && number >= 0) return
  if (Number.isFinite(number) && number > 0 && number <= max) return
  throw exception(452, 'SETTING_CONSTRAINT_VIOLATION', `Setting ${name} shouldn't be greater than ${max}.`)
}
