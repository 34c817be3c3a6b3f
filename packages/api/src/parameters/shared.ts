import { methodList, statusList, textList } from './lists.js'

/** Filters that the logs and the statistics share. */
export const sharedParameters = {
  service: textList({ description: 'Services, separated by commas.', example: 'checkout,catalog' }),
  endpoint: textList({
    description:
      'Endpoints (paths with numbers and ids folded), separated by commas; a comma within one is written `\\,`.',
    example: '/products/{id},/cart',
  }),
  action: textList({ description: 'Actions, separated by commas.', example: 'login,submit_form' }),
  method: methodList,
  status: statusList,
}
