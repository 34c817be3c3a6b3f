import { z } from 'zod'
import { option, readOptions, privacyOption, stackOptions } from '@pulsehouse/platform'
import type { RateLimit } from './access/rate-limit.js'

const command = {
  usage: 'npm run api -- [options]',
  summary: 'Answers questions about the logs over HTTP; /docs on its address lists them.',
  options: {
    ...stackOptions,
    host: option({
      flag: 'host',
      env: 'PULSEHOUSE_API_HOST',
      value: 'HOST',
      help: 'Address to listen on; 0.0.0.0 lets other machines in (default 127.0.0.1)',
      schema: z.string().min(1).default('127.0.0.1'),
    }),
    corsOrigins: option({
      flag: 'cors-origin',
      env: 'PULSEHOUSE_CORS_ORIGIN',
      value: 'ORIGIN,…',
      help: 'Origins whose pages may read the API (default none)',
      schema: z
        .string()
        .default('')
        .transform((text) => text.split(',').filter((origin) => origin !== ''))
        .pipe(
          z.array(
            z
              .string()
              .refine(
                (origin) => origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin),
                'must be origins like https://example.org, without a path, or *',
              ),
          ),
        ),
    }),
    rateLimit: option({
      flag: 'rate-limit',
      env: 'PULSEHOUSE_RATE_LIMIT',
      value: 'N[:BURST]',
      help: 'Requests a second of each key, and how many may come at once; 0 is no limit (default 100:500)',
      schema: z
        .string()
        .default('100:500')
        .refine(
          (text) => /^\d{1,6}(:[1-9]\d{0,6})?$/.test(text),
          'must be requests a second like 100, or with how many may come at once, 100:500',
        )
        .transform(rateLimitOf),
    }),
    supersetUrl: option({
      flag: 'superset-url',
      env: 'PULSEHOUSE_SUPERSET_URL',
      value: 'URL',
      help: 'Where Superset is, for a link on the start page (default none)',
      schema: z.url({ protocol: /^https?$/ }).optional(),
    }),
    privacy: privacyOption,
  },
}

/** Without a burst, five seconds' worth may come at once. */
function rateLimitOf(text: string): RateLimit {
  const [perSecond = 0, burst = perSecond * 5] = text.split(':').map(Number)
  return { perSecond, burst }
}

/** The API's settings. @throws UsageError with all violations at once. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv) {
  return readOptions(command, argv, env).values
}
