import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { fieldNames } from '@pulsehouse/events'
import { logSchema } from '../src/log.js'
import { appOf, ask } from './support/app.js'

interface Parameter {
  name: string
  description?: string
  schema: Record<string, unknown>
}
interface Document {
  openapi: string
  paths: Record<
    string,
    { get: { summary?: string; parameters?: Parameter[]; responses: Record<string, unknown> } }
  >
}

const app = appOf()

async function readDocument(): Promise<Document> {
  const { body } = await ask<Document>(app, '/openapi.json')
  return body
}

test('the document is valid OpenAPI 3.1', async () => {
  const document = await readDocument()
  const { valid, errors } = await new Validator().validate(structuredClone(document) as never)
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  expect(document.openapi).toBe('3.1.0')
})

test('every route of data is in it, with its problems', async () => {
  const { paths } = await readDocument()
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && /^\/(?:v1\/|healthz|readyz)/.test(path))
    .map(({ path }) => path.replaceAll(/:(\w+)/g, '{$1}'))
  expect(Object.keys(paths).toSorted()).toEqual([...new Set(routes)].toSorted())
  for (const { get } of Object.values(paths)) {
    expect(get.summary).toBeTruthy()
    expect(Object.keys(get.responses)).toEqual(expect.arrayContaining(['200', '400']))
  }
})

/** What a form is filled with, or what the description gives as an example in words. */
function exampleOf({
  description,
  schema,
}: {
  description?: string
  schema: Record<string, unknown>
}): string {
  const inWords = /For example `([^`]+)`\.$/.exec(String(description ?? schema['description']))?.[1]
  const example = schema['example']
  return typeof example === 'string' || typeof example === 'number' ? String(example) : (inWords ?? '')
}

test('every parameter has a description and an example, and is optional', async () => {
  const { paths } = await readDocument()
  const parameters = Object.values(paths).flatMap(({ get }) => get.parameters ?? [])
  expect(parameters.length).toBeGreaterThan(20)
  for (const parameter of parameters) {
    expect(parameter.description ?? parameter.schema['description'], parameter.name).toBeTruthy()
    expect(exampleOf(parameter), parameter.name).not.toBe('')
  }
})

test('no filter is filled in beforehand: a request with all of them finds nothing', async () => {
  const { paths } = await readDocument()
  const filled = (paths['/v1/logs']?.get.parameters ?? []).filter(
    ({ schema }) => schema['example'] !== undefined,
  )
  expect(filled.map(({ name }) => name)).toEqual(['from', 'to', 'limit'])
})

test('its examples are taken', async () => {
  const { paths } = await readDocument()
  for (const [path, { get }] of Object.entries(paths)) {
    const given = (get.parameters ?? []).filter(({ name }) => name !== 'cursor')
    const search = new URLSearchParams(
      Object.fromEntries(given.map((parameter) => [parameter.name, exampleOf(parameter)])),
    )
    if (given.length > 0) expect((await app.request(`${path}?${search.toString()}`)).status, path).toBe(503)
  }
})

test('a log has every field of the catalog but the token', () => {
  const shown = Object.keys(logSchema.shape)
  expect(shown).toEqual(expect.arrayContaining(fieldNames.filter((name) => name !== 'token')))
  expect(shown).not.toContain('token')
})
