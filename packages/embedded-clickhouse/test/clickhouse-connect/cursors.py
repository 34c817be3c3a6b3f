"""The database API of Python (PEP 249), which Superset and SQLAlchemy stand on."""

import unittest
import uuid
from datetime import datetime

from clickhouse_connect import dbapi
from clickhouse_connect.driver.exceptions import DatabaseError

from connection import HOST, PORT


class Cursors(unittest.TestCase):
    def setUp(self):
        self.connection = dbapi.connect(host=HOST, port=PORT)
        self.addCleanup(self.connection.close)
        self.cursor = self.connection.cursor()

    def test_rows(self):
        self.cursor.execute("SELECT number AS n, toString(number) AS s FROM numbers(5)")
        self.assertEqual([column[:2] for column in self.cursor.description], [('n', 'UInt64'), ('s', 'String')])
        self.assertEqual(self.cursor.rowcount, 5)
        self.assertEqual(self.cursor.fetchone(), (0, '0'))
        self.assertEqual(self.cursor.fetchmany(2), [(1, '1'), (2, '2')])
        self.assertEqual(self.cursor.fetchall(), [(3, '3'), (4, '4')])
        self.assertEqual(self.cursor.fetchall(), [])

    def test_no_rows_have_names_and_types(self):
        # The reply to the query is empty; the cursor asks once more, with LIMIT 0 and FORMAT JSON.
        self.cursor.execute("SELECT number AS n, toDateTime64('2024-01-01', 3) AS t FROM numbers(10) WHERE number > 100")
        self.assertEqual([column[:2] for column in self.cursor.description], [('n', 'UInt64'), ('t', 'DateTime64(3)')])
        self.assertEqual(self.cursor.fetchall(), [])

    def test_parameters(self):
        self.cursor.execute('SELECT %(s)s, %(n)s, %(t)s', {'s': "it's \\ %", 'n': 7, 't': datetime(2024, 1, 1)})
        self.assertEqual(self.cursor.fetchall(), [("it's \\ %", 7, '2024-01-01 00:00:00')])
        self.cursor.execute('SELECT %s', ('x',))
        self.assertEqual(self.cursor.fetchone(), ('x',))

    def test_statements_without_rows(self):
        table = f'cursor_{uuid.uuid4().hex}'
        self.cursor.execute(f'CREATE TABLE {table} (a UInt8, s String) ENGINE = Memory')
        self.cursor.executemany(f'INSERT INTO {table} (a, s) VALUES', [{'a': 1, 's': 'x'}, {'a': 2, 's': "it's"}])
        self.cursor.executemany(f'INSERT INTO {table} (a, s) VALUES (%s, %s)', [(3, 'z')])
        self.cursor.execute(f"INSERT INTO {table} VALUES (4, 'four')")
        self.cursor.execute(f'SELECT * FROM {table} ORDER BY a')
        self.assertEqual(self.cursor.fetchall(), [(1, 'x'), (2, "it's"), (3, 'z'), (4, 'four')])
        self.cursor.execute(f'DROP TABLE {table}')

    def test_errors(self):
        with self.assertRaisesRegex(DatabaseError, 'Code: 60'):
            self.cursor.execute('SELECT * FROM nope')
        self.cursor.execute('SELECT 1')
        self.assertEqual(self.cursor.fetchall(), [(1,)])
