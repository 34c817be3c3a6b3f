import { defineDataset, formats } from '../dataset.js'

/** Logins, refusals, missing paths and what administrators did, by minute, address and user. */
export const security = defineDataset({
  name: 'security_by_minute',
  description:
    'Logins, refusals, missing pages and admin actions by minute, address and user; addresses and users are pseudonyms.',
  time: 'minute',
  columns: {
    ip_address: { label: 'Address' },
    ip_network: { label: 'Network', type: 'LowCardinality(String)' },
    user_id: { label: 'User' },
  },
  metrics: {
    login_count: {
      label: 'Logins succeeded',
      sql: 'sum(logins_succeeded)',
      format: formats.count,
      description: 'Logins with a status from 200 to 399.',
    },
    failed_login_count: {
      label: 'Logins failed',
      sql: 'sum(logins_failed)',
      format: formats.count,
      description: 'Logins with the status 401, 403 or 429.',
    },
    failed_login_percent: {
      label: 'Logins failed, %',
      sql: '100 * sum(logins_failed) / nullIf(sum(logins_failed) + sum(logins_succeeded), 0)',
      format: formats.percent,
      description: 'Failed logins by all logins.',
    },
    refused_count: {
      label: 'Refused requests',
      sql: 'sum(refused)',
      format: formats.count,
      description: 'Requests with the status 401 or 403, logins included.',
    },
    not_found_count: {
      label: 'Missing pages',
      sql: 'sum(not_found)',
      format: formats.count,
      description: 'Requests with the status 404.',
    },
    different_paths: {
      label: 'Different missing paths',
      sql: 'uniqMerge(missing_paths)',
      format: formats.count,
      description: 'Many different ones are what tells a scanner from a broken link.',
    },
    admin_count: {
      label: 'Admin actions',
      sql: 'sum(admin_actions)',
      format: formats.count,
      description: 'Events of the authentication level admin.',
    },
    users_tried: {
      label: 'Users tried',
      sql: "uniqIf(user_id, logins_failed > 0 AND user_id != '')",
      format: formats.count,
      description: 'Different users whose login failed: many from one address are password spraying.',
    },
    addresses_failed: {
      label: 'Addresses that failed',
      sql: "uniqIf(ip_address, logins_failed > 0 AND ip_address != '')",
      format: formats.count,
      description: 'Different addresses from which a login failed.',
    },
    admin_addresses: {
      label: 'Addresses',
      sql: "uniqIf(ip_address, admin_actions > 0 AND ip_address != '')",
      format: formats.count,
      description: 'Different addresses from which somebody acted as an administrator.',
    },
    last_seen: {
      label: 'Last seen',
      sql: 'max(minute)',
      format: '',
      description: 'Minute of the last such event, UTC.',
    },
  },
})
