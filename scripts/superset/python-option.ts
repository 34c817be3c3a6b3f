import { option } from '@pulsehouse/platform'
import { z } from 'zod'

/** Which Python Superset runs on. */
export const pythonOption = option({
  flag: 'python',
  env: 'PULSEHOUSE_PYTHON',
  value: 'PATH',
  help: "Superset's Python, 3.10 to 3.12 (default: the first that fits of python3, python3.12, python3.11, python3.10)",
  schema: z.string().min(1).optional(),
})
