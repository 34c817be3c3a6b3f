import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { fieldNames } from '@pulsehouse/events'
import { exampleOf } from '../../../scripts/fuzz/document.js'
import { logSchema } from '../src/logs/log.js'
import { appOf, ask } from './support/app.js'

interface Parameter {
  name: string
  in: string
  description?: string
  schema: Record<string, unknown>
}
interface Operation {
  summary?: string
  parameters?: Parameter[]
  security?: Record<string, string[]>[]
  responses: Record<string, unknown>
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
}

const app = appOf()

async function readDocument(): Promise<Document> {
  const { body } = await ask<Document>(app, '/openapi.json')
  return body
}

/** Every operation of the document, as `get /v1/logs`. */
function operationsOf({ paths }: Document): [name: string, Operation][] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  )
}

test('the document is valid OpenAPI 3.1', async () => {
  const document = await readDocument()
  const { valid, errors } = await new Validator().validate(structuredClone(document) as never)
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  expect(document.openapi).toBe('3.1.0')
})

test('every route of data is in it, with its problems', async () => {
  const operations = operationsOf(await readDocument())
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && /^\/(?:v1\/|healthz|readyz|metrics)/.test(path))
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  expect(operations.map(([name]) => name).toSorted()).toEqual([...new Set(routes)].toSorted())
  for (const [name, { summary, responses }] of operations) {
    expect(summary, name).toBeTruthy()
    expect(Object.keys(responses), name).toEqual(
      expect.arrayContaining([expect.stringMatching(/^20\d$/), '400']),
    )
  }
})

test('every route of data says that it needs a key, and how it is refused', async () => {
  for (const [name, { security, responses }] of operationsOf(await readDocument())) {
    const open = !name.includes(' /v1/') && name !== 'get /metrics'
    expect([name, security === undefined]).toEqual([name, open])
    if (!open) expect(Object.keys(responses), name).toEqual(expect.arrayContaining(['401', '403', '429']))
  }
})

// tests/examples.test.ts asks a real stack with them.
test('every parameter has a description and an example', async () => {
  const parameters = operationsOf(await readDocument()).flatMap(([, { parameters = [] }]) => parameters)
  expect(parameters.length).toBeGreaterThan(20)
  for (const parameter of parameters) {
    expect(parameter.description ?? parameter.schema['description'], parameter.name).toBeTruthy()
    expect(exampleOf(parameter), parameter.name).toBeTruthy()
  }
})

test('no filter is filled in beforehand: a request with all of them finds nothing', async () => {
  const { paths } = await readDocument()
  const filled = (paths['/v1/logs']?.['get']?.parameters ?? []).filter(
    ({ schema }) => schema['example'] !== undefined,
  )
  expect(filled.map(({ name }) => name)).toEqual(['from', 'to', 'limit'])
})

test('a log has every field of the catalog but the token', () => {
  const shown = Object.keys(logSchema.shape)
  expect(shown).toEqual(expect.arrayContaining(fieldNames.filter((name) => name !== 'token')))
  expect(shown).not.toContain('token')
})
