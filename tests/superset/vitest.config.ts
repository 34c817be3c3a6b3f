import { defineConfig } from 'vitest/config'

const conditions = ['source', 'module', 'node', 'import', 'default']

/** The tests of Superset: each file runs a whole stack of its own, one after the other. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 400_000,
    fileParallelism: false,
  },
})
