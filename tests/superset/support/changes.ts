/** A request that would change something. */
export type Change = [method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown]

/** What the changes are tried on: the ids of one of each. */
export interface Ids {
  dashboard: number | undefined
  chart: number | undefined
  dataset: number | undefined
  database: number
}

/** One of every change that Superset's API has, as far as it makes sense without Celery and mail. */
export function changesOf(ids: Ids): Change[] {
  const uri = 'clickhousedb://clickhouse/pulsehouse'
  return [
    ['POST', '/api/v1/dashboard/', { dashboard_title: 'mine' }],
    ['PUT', `/api/v1/dashboard/${ids.dashboard}`, { dashboard_title: 'mine' }],
    ['DELETE', `/api/v1/dashboard/${ids.dashboard}`],
    ['DELETE', `/api/v1/dashboard/?q=!(${ids.dashboard})`],
    ['POST', `/api/v1/dashboard/${ids.dashboard}/copy/`, { dashboard_title: 'mine', json_metadata: '{}' }],
    ['PUT', `/api/v1/dashboard/${ids.dashboard}/filters`, { modified: [], deleted: [] }],
    ['PUT', `/api/v1/dashboard/${ids.dashboard}/colors`, {}],
    ['POST', `/api/v1/dashboard/${ids.dashboard}/permalink`, {}],
    ['POST', `/api/v1/dashboard/${ids.dashboard}/embedded`, { allowed_domains: [] }],
    ['POST', `/api/v1/dashboard/${ids.dashboard}/favorites/`],
    ['DELETE', `/api/v1/dashboard/${ids.dashboard}/favorites/`],
    ['POST', `/api/v1/chart/${ids.chart}/favorites/`],
    ['DELETE', `/api/v1/chart/${ids.chart}/favorites/`],
    ['POST', '/api/v1/chart/', { slice_name: 'mine', datasource_id: ids.dataset, datasource_type: 'table' }],
    ['PUT', `/api/v1/chart/${ids.chart}`, { slice_name: 'mine' }],
    ['DELETE', `/api/v1/chart/${ids.chart}`],
    ['POST', '/api/v1/dataset/', { database: ids.database, schema: 'system', table_name: 'processes' }],
    ['PUT', `/api/v1/dataset/${ids.dataset}`, { description: 'mine' }],
    ['PUT', `/api/v1/dataset/${ids.dataset}/refresh`],
    ['DELETE', `/api/v1/dataset/${ids.dataset}`],
    ['POST', '/api/v1/database/', { database_name: 'mine', sqlalchemy_uri: uri }],
    ['POST', '/api/v1/database/test_connection/', { sqlalchemy_uri: uri }],
    ['PUT', `/api/v1/database/${ids.database}`, { allow_dml: true }],
    ['DELETE', `/api/v1/database/${ids.database}`],
    ['POST', `/api/v1/database/${ids.database}/upload/`, { type: 'csv', table_name: 'mine' }],
    ['POST', '/api/v1/assets/import/'],
    ['POST', '/api/v1/dashboard/import/'],
    ['POST', '/api/v1/chart/import/'],
    ['POST', '/api/v1/dataset/import/'],
    ['POST', '/api/v1/database/import/'],
    ['POST', '/api/v1/sqllab/execute/', { database_id: ids.database, sql: 'SELECT 1' }],
    ['POST', '/api/v1/saved_query/', { label: 'mine', sql: 'SELECT 1', db_id: ids.database }],
    ['POST', '/api/v1/security/users/', { username: 'mine', password: 'x', roles: [1], active: true }],
    ['PUT', '/api/v1/security/users/2', { roles: [1] }],
    ['PUT', '/api/v1/me/', { password: 'a password of mine' }],
    ['POST', '/api/v1/security/roles/', { name: 'mine' }],
    ['POST', '/api/v1/security/roles/6/permissions', { permission_view_menu_ids: [1] }],
    ['POST', '/api/v1/security/guest_token/', { user: {}, resources: [], rls: [] }],
    [
      'POST',
      '/api/v1/rowlevelsecurity/',
      { name: 'mine', tables: [ids.dataset], clause: '1 = 1', roles: [] },
    ],
    ['POST', '/api/v1/annotation_layer/', { name: 'mine' }],
    ['POST', '/api/v1/css_template/', { template_name: 'mine', css: '' }],
    ['POST', '/api/v1/theme/', { theme_name: 'mine', json_data: '{}' }],
    ['POST', '/api/v1/tag/', { name: 'mine', objects_to_tag: [] }],
    [
      'POST',
      '/api/v1/explore/form_data',
      { datasource_id: ids.dataset, datasource_type: 'table', form_data: '{}' },
    ],
    ['PUT', '/api/v1/cachekey/invalidate', {}],
  ]
}
