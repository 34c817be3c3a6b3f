import { expect, test } from 'vitest'
import type { Document } from './document.js'
import { runFuzz } from './run-fuzz.js'

const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const document: Document = {
  components: {
    schemas: { Amount: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } } },
  },
  paths: {
    '/amount/{id}': {
      get: {
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string', example: 'x' } },
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 9 } },
        ],
        responses: { 200: json({ $ref: '#/components/schemas/Amount' }), 400: json({}) },
      },
    },
  },
}
const keys = { admin: 'a', reader: 'r' }

/** An API that minds its limits, but for what a test lets it do. */
function answer(path: string, instead: (limit: string | null) => Response | undefined): Response {
  const limit = new URL(path, 'http://localhost').searchParams.get('limit')
  const given = instead(limit)
  if (given !== undefined) return given
  return limit === null || /^[1-9]$/.test(limit)
    ? Response.json({ n: 1 })
    : Response.json({}, { status: 400 })
}

async function faultsOf(instead: (limit: string | null) => Response | undefined): Promise<string[]> {
  const send = async ({ path }: { path: string }): Promise<Response> => answer(path, instead)
  return (await runFuzz({ document, send, keys, requests: 300, seed: 3 })).faults
}

test('an API that does what it says has no faults', async () => {
  expect(await faultsOf(() => undefined)).toEqual([])
})

test.each<[string, string, (limit: string | null) => Response | undefined]>([
  [
    'a failure',
    'the status is 500',
    (limit) => (limit === '0' ? new Response('no', { status: 500 }) : undefined),
  ],
  [
    'a status that is not documented',
    'the status 404 is not',
    (limit) => (limit === '99' || (limit?.length ?? 0) > 9 ? new Response('', { status: 404 }) : undefined),
  ],
  [
    'a body of another shape',
    "must have required property 'n'",
    (limit) => (limit === '9' ? Response.json({}) : undefined),
  ],
  [
    'a body that is no JSON',
    'is no JSON',
    (limit) =>
      limit === '1' ? new Response('{', { headers: { 'Content-Type': 'application/json' } }) : undefined,
  ],
  [
    'another content type',
    'has the content type "text/plain"',
    (limit) => (limit === '5' ? new Response('5') : undefined),
  ],
])('%s is found', async (_, words, instead) => {
  const faults = await faultsOf(instead)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toContain(words)
  expect(faults[0]).toContain('/amount/')
})

test('a seed draws the same requests again', async () => {
  const paths = async (seed: number): Promise<string[]> => {
    const seen: string[] = []
    const send = async ({ path }: { path: string }): Promise<Response> => {
      seen.push(path)
      return answer(path, () => undefined)
    }
    await runFuzz({ document, send, keys, requests: 50, seed })
    return seen
  }
  expect(await paths(1)).toEqual(await paths(1))
  expect(await paths(1)).not.toEqual(await paths(2))
})
