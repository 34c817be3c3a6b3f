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

test.each(Object.entries(services))('%s starts what exists, from a named version', (_, service) => {
  expect(service.build !== undefined || /:\d/.test(service.image)).toBe(true)
  const [program] = service.command ?? []
  if (service.build !== undefined) {
    const source = (program ?? '')
      .replace('/dist/', program?.startsWith('packages') === true ? '/src/' : '/')
      .replace(/\.js$/, '.ts')
    expect(existsSync(join(root, source)), source).toBe(true)
  }
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
  expect(without.map(([name]) => name)).toEqual(['migrate', 'generator'])
})

test('secrets have no default, and nothing is published beyond loopback', () => {
  const secrets = [...text.matchAll(/\$\{([A-Z_]*(?:PASSWORD|KEY))([^}]*)\}/g)]
  expect(secrets.length).toBeGreaterThan(4)
  for (const [, name, rest] of secrets) expect(rest, name).toMatch(/^:\?/)
  const ports = Object.values(services).flatMap((service) => service.ports ?? [])
  expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true)
})

test('the Dockerfile copies what exists, and the build context holds it', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8')
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' '),
  )
  expect(copied.length).toBeGreaterThan(5)
  for (const path of copied) {
    expect(existsSync(join(root, path)), path).toBe(true)
    expect(ignored, path).toContain(`!${path.replace(/\/$/, '')}`)
  }
})
