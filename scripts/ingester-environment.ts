/**
 * What the ingester is started with, so that it stays under 300 MiB whatever it has to catch up with: glibc keeps what is freed, in
 * arenas of each thread, and V8 young generations that are larger than they have to be. Without it, it takes 340 MiB
 * (`npm run bench -- ingest`). The same stands in docker-compose.yml.
 */
export function ingesterEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '262144',
    MALLOC_TRIM_THRESHOLD_: '262144',
    NODE_OPTIONS: `${env['NODE_OPTIONS'] ?? ''} --max-semi-space-size=4`.trim(),
  }
}
