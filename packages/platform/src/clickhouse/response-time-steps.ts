/**
 * SQL that rounds a time as the rollups do before they keep its percentiles: 32 steps an octave
 * (clickhouse/migrations/0016_response_time_steps.sql). Whoever compares events with rollups needs the same.
 */
export function inResponseTimeSteps(column: string): string {
  return `reinterpretAsFloat32(bitAnd(reinterpretAsUInt32(${column}) + 131072, 4294705152))`
}
