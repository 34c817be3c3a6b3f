import { z } from 'zod'
import { option, readOptions, privacyOption, stackOptions } from '@pulsehouse/platform'

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
    privacy: privacyOption,
  },
}

/** The API's settings. @throws UsageError with all violations at once. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv) {
  return readOptions(command, argv, env).values
}
