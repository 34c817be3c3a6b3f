import { uuidOf } from './uuid.js'

const name = 'Pulsehouse'

/** Where all data is. Whatever the address says, superset/server/superset_config.py puts that of the stack in its place. */
export const database = {
  database_name: name,
  sqlalchemy_uri: 'clickhousedb://clickhouse/pulsehouse',
  cache_timeout: null,
  expose_in_sqllab: true,
  allow_run_async: false,
  allow_ctas: false,
  allow_cvas: false,
  allow_dml: false,
  allow_csv_upload: false,
  impersonate_user: false,
  extra: {
    allows_virtual_table_explore: true,
    metadata_params: {},
    engine_params: {},
    metadata_cache_timeout: {},
  },
  is_managed_externally: true,
  uuid: uuidOf('database', name),
  version: '1.0.0',
}
