import { join } from 'node:path'
import type { SupersetConfig } from './config.js'
import type { SupersetSecrets } from './secrets.js'
import { serverFolder } from './server-folder.js'

/** What Superset's Python finds in its environment: ours, and nothing that is meant for another Superset or Python. */
export function pythonEnvironment(config: SupersetConfig, secrets: SupersetSecrets): NodeJS.ProcessEnv {
  const foreign = /^(PYTHON|SUPERSET_|FLASK_|GUNICORN_|TALISMAN_|PULSEHOUSE_SUPERSET_\w+_PASSWORD$)/
  const rest = Object.entries(config.env).filter(([name]) => !foreign.test(name))
  return {
    ...Object.fromEntries(rest),
    TZ: 'UTC',
    PYTHONPATH: serverFolder,
    PYTHONNOUSERSITE: '1',
    PYTHONUNBUFFERED: '1',
    SUPERSET_CONFIG_PATH: join(serverFolder, 'superset_config.py'),
    SUPERSET_HOME: config.folder.superset,
    PULSEHOUSE_SUPERSET_FOLDER: config.folder.superset,
    PULSEHOUSE_SUPERSET_PORT: String(config.supersetPort),
    PULSEHOUSE_SUPERSET_CLICKHOUSE_URL: config.readUrl,
    PULSEHOUSE_SUPERSET_BEHIND_PROXY: String(config.behindProxy),
    PULSEHOUSE_SUPERSET_SECRET_KEY: secrets.secretKey,
    PULSEHOUSE_SUPERSET_END_WITH_STDIN: 'true',
  }
}

/** What only the preparation is told besides: the web server knows no passwords. */
export function passwordVariables({ passwords }: SupersetSecrets): NodeJS.ProcessEnv {
  return {
    PULSEHOUSE_SUPERSET_ADMIN_PASSWORD: passwords.admin,
    PULSEHOUSE_SUPERSET_VIEWER_PASSWORD: passwords.viewer,
  }
}
