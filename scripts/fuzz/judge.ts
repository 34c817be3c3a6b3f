import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Document, Operation, Schema } from './document.js'

const documentId = 'openapi'

/** Says what is wrong with an answer; undefined where nothing is. */
export type Judge = (operation: Operation, answer: Response) => Promise<string | undefined>

/** Judges answers by a document: the status and the content type must be documented, the body must fit its schema. */
export function createJudge(document: Document): Judge {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
  ajv.addSchema({ $id: documentId, components: document.components }, documentId)
  const validators = new Map<Schema, ValidateFunction>()
  const validatorOf = (schema: Schema): ValidateFunction => {
    const known = validators.get(schema) ?? ajv.compile(absolute(schema))
    validators.set(schema, known)
    return known
  }
  return async (operation, answer) => {
    const { status } = answer
    const documented = operation.responses[String(status)]
    if (status >= 500) return await broken(answer)
    if (documented === undefined) return `the status ${status} is not documented: ${await answer.text()}`
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
    const schema = documented.content?.[type]?.schema
    if (documented.content === undefined) return await withoutBody(answer)
    if (!(type in documented.content)) {
      await answer.body?.cancel()
      return `${status} has the content type "${type}", documented are ${Object.keys(documented.content).join(', ')}`
    }
    if (type === 'text/event-stream') {
      // It never ends.
      await answer.body?.cancel()
      return undefined
    }
    const body = await answer.arrayBuffer()
    if (!/[/+]json$/.test(type) || schema === undefined) return undefined
    return misfit(validatorOf(schema), Buffer.from(body).toString('utf8'), status)
  }
}

/** What is wrong with a body of JSON. */
function misfit(validate: ValidateFunction, text: string, status: number): string | undefined {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return `${status} has a body that is no JSON`
  }
  if (validate(body)) return undefined
  const [error] = validate.errors ?? []
  return `${status} has a body of another shape, at ${error?.instancePath}: ${error?.message}`
}

async function broken(answer: Response): Promise<string> {
  return `the status is ${answer.status}: ${await answer.text()}`
}

async function withoutBody(answer: Response): Promise<string | undefined> {
  const text = await answer.text()
  return text === '' ? undefined : `${answer.status} is documented without a body and has one`
}

/** A schema of an operation, its references into the document made absolute. */
function absolute(schema: Schema): object {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components/', `"${documentId}#/components/`),
  ) as object
}
