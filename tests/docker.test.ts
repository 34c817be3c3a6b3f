import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

// No Docker engine runs where this is developed: what can be known without one is checked here.
const root = join(import.meta.dirname, '..')

const serviceSchema = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
})
const composeSchema = z.looseObject({
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.unknown()),
})

const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
const { services, volumes } = composeSchema.parse(parse(text, { merge: true }))

/** The sources of what a service of our own images runs. */
function programsOf({ build, command = [] }: z.infer<typeof serviceSchema>): string[] {
  if (build === './superset')
    return command
      .filter((word) => word.startsWith('/app/pulsehouse/'))
      .map((word) => word.replace('/app/pulsehouse/', 'superset/'))
  const [program = ''] = command
  const sources = program.replace('/dist/', program.startsWith('packages') ? '/src/' : '/')
  return build === undefined ? [] : [sources.replace(/\.js$/, '.ts')]
}

test.each(Object.entries(services))('%s starts what exists, from a named version', (_, service) => {
  expect(service.build !== undefined || /:\d/.test(service.image)).toBe(true)
  for (const source of programsOf(service)) expect(existsSync(join(root, source)), source).toBe(true)
  for (const volume of service.volumes ?? []) {
    const [from = ''] = volume.split(':')
    expect(from.startsWith('.') ? existsSync(join(root, from)) : from in volumes, volume).toBe(true)
  }
  for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
    expect(services[other], other).toBeDefined()
    if (condition === 'service_healthy') expect(services[other]?.healthcheck, other).toBeDefined()
  }
})

test('every service that stays up has a health check', () => {
  const without = Object.entries(services).filter(([, { healthcheck }]) => healthcheck === undefined)
  expect(without.map(([name]) => name)).toEqual(['migrate', 'generator', 'superset-init'])
})

test('secrets have no default, and nothing is published beyond loopback', () => {
  const secrets = [...text.matchAll(/\$\{([A-Z_]*(?:PASSWORD|KEY))([^}]*)\}/g)]
  expect(secrets.length).toBeGreaterThan(4)
  for (const [, name, rest] of secrets) expect(rest, name).toMatch(/^:\?/)
  const ports = Object.values(services).flatMap((service) => service.ports ?? [])
  expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true)
})

test.each([
  ['.', 5],
  ['superset', 1],
])('the Dockerfile of %s copies what exists, and the build context holds it', (folder, atLeast) => {
  const dockerfile = readFileSync(join(root, folder, 'Dockerfile'), 'utf8')
  const ignored = readFileSync(join(root, folder, '.dockerignore'), 'utf8')
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' '),
  )
  expect(copied.length).toBeGreaterThan(atLeast)
  for (const path of copied) {
    expect(existsSync(join(root, folder, path)), path).toBe(true)
    expect(ignored, path).toContain(`!${path.replace(/\/$/, '')}`)
  }
})

test('Superset and its driver are of one version, with Docker and without', () => {
  const dockerfile = readFileSync(join(root, 'superset/Dockerfile'), 'utf8')
  const requirements = readFileSync(join(root, 'superset/server/requirements.in'), 'utf8')
  for (const wanted of [/apache[/-]superset[:=]+([\d.]+)/, /clickhouse-connect==([\d.]+)/]) {
    const version = wanted.exec(requirements)?.[1]
    expect(version).toBeDefined()
    expect(wanted.exec(dockerfile)?.[1]).toBe(version)
  }
  expect(services['superset']?.image).toBe(
    `pulsehouse/superset:${/superset==([\d.]+)/.exec(requirements)?.[1]}`,
  )
})
