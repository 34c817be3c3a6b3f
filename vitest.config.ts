import { defineConfig } from 'vitest/config'

// Tests read the packages' sources, not what was compiled; the processes they start are the compiled ones, which
// `npm test` brings up to date first.
const conditions = ['source', 'module', 'node', 'import', 'default']
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } }

export default defineConfig({
  ...shared,
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: [
            'packages/{events,platform,generator,ingester,detector,api,client}/test/**/*.test.ts',
            'superset/test/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**', '**/dist/**'],
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: [
            'packages/*/test/**/*.integration.test.ts',
            'packages/embedded-clickhouse/test/**/*.test.ts',
            'tests/**/*.test.ts',
          ],
          // Those have minutes of their own: npm run test:superset.
          exclude: ['tests/superset/**', '**/node_modules/**', '**/dist/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Each file starts servers of its own; the machine has two cores.
          maxWorkers: 2,
        },
      },
    ],
  },
})
