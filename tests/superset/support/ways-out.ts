/** Ways out of the two databases; PORT is where every other machine would be, METADATA Superset's own database. */
export const waysOut = [
  "SELECT * FROM file('/etc/passwd', 'LineAsString')",
  "SELECT file('/etc/passwd')",
  "SELECT arrayMap(file, ['/etc/passwd'])",
  'SELECT * FROM _files.`/etc/passwd`',
  'SELECT * FROM _server.query_log',
  "SELECT * FROM url('http://127.0.0.1:PORT/', 'LineAsString')",
  "WITH x AS (SELECT * FROM url('http://127.0.0.1:PORT/', 'LineAsString')) SELECT count() FROM x",
  "SELECT * FROM s3('http://127.0.0.1:PORT/bucket/key', 'LineAsString')",
  "SELECT * FROM remote('127.0.0.1:PORT', 'system.one')",
  "SELECT * FROM mysql('127.0.0.1:PORT', 'a', 'b', 'c', 'd')",
  "SELECT * FROM postgresql('127.0.0.1:PORT', 'a', 'b', 'c', 'd')",
  "SELECT * FROM mongodb('127.0.0.1:PORT', 'a', 'b', 'c', 'd', 'x String')",
  "SELECT * FROM sqlite('METADATA', 'ab_user')",
  "SELECT * FROM executable('cat /etc/passwd', 'LineAsString', 'x String')",
]

/** Connections to anything but this stack's ClickHouse, with the same two words. */
export const otherDatabases = [
  'sqlite:////METADATA',
  'sqlite+pysqlite:////METADATA',
  'shillelagh://',
  'shillelagh+apsw://',
  'gsheets://',
  'superset://',
  'postgresql://127.0.0.1:PORT/x',
  'clickhousedb://127.0.0.1:PORT/pulsehouse',
  'clickhousedb+connect://default@127.0.0.1:PORT/default',
]
