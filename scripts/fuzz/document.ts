/** A JSON schema as far as values are drawn from it. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  items?: Schema
  minimum?: number
  maximum?: number
  properties?: Record<string, Schema>
  required?: string[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  description?: string
  example?: unknown
  default?: unknown
}

/** A parameter of an operation. */
export interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema: Schema
}

/** What is sent or answered, by its content type. */
export type Content = Record<string, { schema?: Schema; example?: unknown }>

/** An operation of the document, with the path and the method that it stands under. */
export interface Operation {
  method: string
  path: string
  parameters: readonly Parameter[]
  body: Content | undefined
  responses: Readonly<Record<string, { content?: Content }>>
}

/** An OpenAPI document as far as requests are drawn from it and answers are judged by it. */
export interface Document {
  paths: Record<string, Record<string, RawOperation>>
  components?: { schemas?: Record<string, Schema> }
}

interface RawOperation {
  parameters?: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}

/** Every operation of a document. */
export function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content,
      responses,
    })),
  )
}

/** The schema that a reference within a document means. */
export function resolved(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (document.components?.schemas?.[name] ?? {})
}

/** Where something is given as an example: as such, or in the words of a description. */
export function exampleOf({
  description,
  schema,
}: {
  description?: string
  schema: Schema
}): string | undefined {
  const { example } = schema
  if (typeof example === 'string' || typeof example === 'number') return String(example)
  const inWords = /For example `([^`]+)`\.$/.exec(description ?? schema.description ?? '')?.[1]
  const { default: fallback } = schema
  return (
    inWords ?? (typeof fallback === 'string' || typeof fallback === 'number' ? String(fallback) : undefined)
  )
}
